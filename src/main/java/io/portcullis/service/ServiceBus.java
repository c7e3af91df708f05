package io.portcullis.service;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Function;

/**
 * Asks a service of this node over the event bus, and answers as one.
 *
 * <p>The very objects are handed over, not copies, so they are immutable; delivery never leaves the
 * node. A {@link Rejection} comes out of {@link #request} as the service put it in. Nothing else
 * does: a bug of the service is {@link Problem#INTERNAL} here and logged there, once.
 *
 * <p>The bus neither queues for long nor bounds: whoever asks bounds what it has in flight. Safe on
 * any thread.
 */
public final class ServiceBus {
  private static final String ADDRESS_PREFIX = "portcullis.service.";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /**
   * A timeout with more than this left of the deadline was not one: the bus says the same of a
   * message that was on its way to a consumer that stopped, and that nobody has seen.
   */
  private static final long UNDELIVERED_MILLIS = 20;

  private final EventBus bus;
  private final Clock clock;

  /** Makes the bus of {@code vertx} able to carry requests and answers; may be done repeatedly. */
  public ServiceBus(Vertx vertx, Clock clock) {
    this.bus = vertx.eventBus();
    this.clock = clock;
    LocalCodec.register(bus, ServiceRequest.class);
    LocalCodec.register(bus, ServiceResponse.class);
    LocalCodec.register(bus, ServiceFailure.class);
  }

  /** The event bus address of a service, e.g. {@code portcullis.service.chat}. */
  public static String address(String service) {
    return ADDRESS_PREFIX + service;
  }

  /**
   * Asks a service. Completes by the request's deadline on the caller's context, or fails with a
   * {@link Rejection}: the service's own, or {@link Problem#DEPENDENCY_UNAVAILABLE} when no
   * instance is deployed or the deadline passed.
   *
   * @param service the service's name, e.g. {@code chat}
   */
  public Future<ServiceResponse> request(String service, ServiceRequest request) {
    return send(service, request)
        .recover(
            failure ->
                undelivered(failure, request)
                    ? send(service, request)
                    : Future.failedFuture(failure))
        .recover(failure -> Future.failedFuture(rejection(service, failure)));
  }

  /**
   * Answers the requests to a service, on the calling context; several consumers share them in
   * turn. The handler may throw or fail with a {@link Rejection}; any other exception is a bug. A
   * request whose deadline has passed is not begun.
   *
   * @return completes with the consumer when it is registered
   */
  public Future<ServiceConsumer> consume(
      String service, Function<ServiceRequest, Future<ServiceResponse>> handler) {
    return new ServiceConsumer(bus, clock, service, handler).register();
  }

  private Future<ServiceResponse> send(String service, ServiceRequest request) {
    long millis = millisLeft(clock, request);
    if (millis <= 0) {
      return Future.failedFuture(late(service));
    }
    DeliveryOptions options = new DeliveryOptions().setLocalOnly(true).setSendTimeout(millis);
    return bus.<ServiceResponse>request(address(service), request, options).map(Message::body);
  }

  private boolean undelivered(Throwable failure, ServiceRequest request) {
    return failure instanceof ReplyException reply
        && reply.failureType() == ReplyFailure.TIMEOUT
        && millisLeft(clock, request) > UNDELIVERED_MILLIS;
  }

  private static Rejection rejection(String service, Throwable failure) {
    if (failure instanceof Rejection rejection) {
      return rejection;
    }
    if (failure instanceof ServiceFailure carrier) {
      return carrier.rejection();
    }
    return failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT
        ? late(service)
        : Rejection.unavailable(service);
  }

  static long millisLeft(Clock clock, ServiceRequest request) {
    return Duration.between(clock.instant(), request.deadline()).toMillis();
  }

  static Rejection late(String service) {
    return Rejection.retryable(
        Problem.DEPENDENCY_UNAVAILABLE,
        service + "-timeout",
        "A part of the platform did not answer in time. Try again shortly.",
        RETRY_AFTER);
  }
}
