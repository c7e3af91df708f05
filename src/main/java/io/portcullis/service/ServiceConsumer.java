package io.portcullis.service;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One consumer of a service's requests. Belongs to the event loop it was registered on, so its
 * count needs no lock.
 */
public final class ServiceConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceConsumer.class);

  private final Clock clock;
  private final String service;
  private final Function<ServiceRequest, Future<ServiceResponse>> handler;
  private final MessageConsumer<ServiceRequest> consumer;
  private final Promise<Void> drained = Promise.promise();
  private int inFlight;
  private boolean closing;

  ServiceConsumer(
      EventBus bus,
      Clock clock,
      String service,
      Function<ServiceRequest, Future<ServiceResponse>> handler) {
    this.clock = clock;
    this.service = service;
    this.handler = handler;
    this.consumer = bus.localConsumer(ServiceBus.address(service));
  }

  Future<ServiceConsumer> register() {
    consumer.handler(this::receive);
    return consumer.completion().map(this);
  }

  /**
   * Takes no further request and completes when those in flight are answered, which each is by its
   * own deadline. Call on the context it was registered on.
   */
  public Future<Void> close() {
    closing = true;
    return consumer
        .unregister()
        .compose(
            unregistered -> {
              completeWhenIdle();
              return drained.future();
            });
  }

  private void receive(Message<ServiceRequest> message) {
    inFlight++;
    answer(message.body())
        .onComplete(
            result -> {
              if (result.succeeded()) {
                message.reply(result.result());
              } else {
                message.reply(new ServiceFailure(rejection(result.cause(), message.body())));
              }
              inFlight--;
              completeWhenIdle();
            });
  }

  private Future<ServiceResponse> answer(ServiceRequest request) {
    if (ServiceBus.millisLeft(clock, request) <= 0) {
      return Future.failedFuture(ServiceBus.late(service));
    }
    try {
      return handler.apply(request);
    } catch (Throwable thrown) {
      return Future.failedFuture(thrown);
    }
  }

  private void completeWhenIdle() {
    if (closing && inFlight == 0) {
      drained.tryComplete();
    }
  }

  private Rejection rejection(Throwable cause, ServiceRequest request) {
    if (cause instanceof Rejection rejection) {
      return rejection;
    }
    LOG.atError()
        .addKeyValue("event.action", "service.failed")
        .addKeyValue("portcullis.service", service)
        .addKeyValue("portcullis.operation", request.operation())
        .addKeyValue("http.request.id", request.id())
        .setCause(cause)
        .log("a service failed unexpectedly");
    return Rejection.of(
        Problem.INTERNAL, service + "-failed", "The request failed. It is our mistake.");
  }
}
