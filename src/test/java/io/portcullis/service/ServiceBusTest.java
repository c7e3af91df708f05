package io.portcullis.service;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceBusTest {
  private static final ServiceResponse ANSWER =
      new ServiceResponse(200, Map.of(), Buffer.buffer("{}"), "application/json");

  private Vertx vertx;
  private ServiceBus bus;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    bus = new ServiceBus(vertx, Clock.systemUTC());
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  @Test
  void request_served_handsOverTheSameObjects() throws Exception {
    CompletableFuture<ServiceRequest> seen = new CompletableFuture<>();
    consume(
        request -> {
          seen.complete(request);
          return Future.succeededFuture(ANSWER);
        });
    ServiceRequest request = request(Duration.ofSeconds(5));

    assertSame(ANSWER, await(bus.request("probe", request)));
    assertSame(request, seen.get(1, SECONDS));
  }

  @Test
  void request_refused_rejectionSurvivesWhole() throws Exception {
    Rejection refusal =
        Rejection.retryable(Problem.OVERLOADED, "queue-full", "Later.", Duration.ofSeconds(7));
    consume(request -> Future.failedFuture(refusal));

    assertSame(refusal, refusal(request(Duration.ofSeconds(5))));
  }

  @Test
  void request_rejectionThrown_isARefusalToo() throws Exception {
    Rejection refusal = Rejection.of(Problem.NOT_FOUND, "gone", "Not here.");
    consume(
        request -> {
          throw refusal;
        });

    assertSame(refusal, refusal(request(Duration.ofSeconds(5))));
  }

  @Test
  void request_handlerThrowsOrFails_internalWithoutItsMessage() throws Exception {
    AtomicInteger call = new AtomicInteger();
    consume(
        request -> {
          if (call.getAndIncrement() == 0) {
            throw new IllegalStateException("secret of the service");
          }
          return Future.failedFuture(new java.io.IOException("secret of the service"));
        });

    for (int i = 0; i < 2; i++) {
      Rejection refusal = refusal(request(Duration.ofSeconds(5)));
      assertEquals(Problem.INTERNAL, refusal.problem());
      assertEquals("probe-failed", refusal.reason());
      assertFalse(refusal.detail().contains("secret"));
    }
  }

  @Test
  void request_nobodyDeployed_dependencyUnavailable() throws Exception {
    Rejection refusal = refusal(request(Duration.ofSeconds(5)));

    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refusal.problem());
    assertEquals("probe-unavailable", refusal.reason());
    assertTrue(refusal.retryAfter().isPresent());
  }

  @Test
  void request_noAnswer_failsAtTheDeadline() throws Exception {
    consume(request -> Promise.<ServiceResponse>promise().future());
    long start = System.nanoTime();

    Rejection refusal = refusal(request(Duration.ofMillis(150)));

    long millis = (System.nanoTime() - start) / 1_000_000;
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refusal.problem());
    assertEquals("probe-timeout", refusal.reason());
    assertTrue(millis >= 120 && millis < 2_000, "after " + millis + " ms");
  }

  @Test
  void request_deadlinePassed_isNotEvenSent() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    consume(
        request -> {
          calls.incrementAndGet();
          return Future.succeededFuture(ANSWER);
        });

    assertEquals("probe-timeout", refusal(request(Duration.ofMillis(-1))).reason());
    assertEquals(0, calls.get());
  }

  @Test
  void consume_deadlinePassedOnTheWay_isNotBegun() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    ServiceBus late =
        new ServiceBus(vertx, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(30)));
    await(
        late.consume(
            "probe",
            request -> {
              calls.incrementAndGet();
              return Future.succeededFuture(ANSWER);
            }));

    assertEquals("probe-timeout", refusal(request(Duration.ofSeconds(5))).reason());
    assertEquals(0, calls.get());
  }

  @Test
  void close_requestsInFlight_waitsForTheirAnswers() throws Exception {
    Promise<ServiceResponse> work = Promise.promise();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    ServiceConsumer consumer =
        consume(
            request -> {
              begun.complete(null);
              return work.future();
            });
    Future<ServiceResponse> asked = bus.request("probe", request(Duration.ofSeconds(5)));
    begun.get(5, SECONDS);

    Future<Void> closed = consumer.close();
    assertFalse(closed.isComplete());
    work.complete(ANSWER);

    await(closed);
    assertSame(ANSWER, await(asked));
  }

  @Test
  void close_oneOfTwoConsumersUnderLoad_noRequestIsLost() throws Exception {
    Context leavingLoop = vertx.getOrCreateContext();
    ServiceConsumer leaving = consumeOn(leavingLoop);
    consumeOn(vertx.getOrCreateContext());
    List<Future<ServiceResponse>> asked = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      asked.add(bus.request("probe", request(Duration.ofSeconds(5))));
      if (i == 1_000) {
        leavingLoop.runOnContext(begin -> leaving.close());
      }
    }

    await(Future.join(asked));
  }

  private ServiceConsumer consumeOn(Context loop) throws Exception {
    Promise<ServiceConsumer> consumer = Promise.promise();
    loop.runOnContext(
        begin ->
            bus.consume("probe", request -> vertx.timer(1, MILLISECONDS).map(ANSWER))
                .onComplete(consumer));
    return await(consumer.future());
  }

  private ServiceConsumer consume(Function<ServiceRequest, Future<ServiceResponse>> handler)
      throws Exception {
    return await(bus.consume("probe", handler));
  }

  private Rejection refusal(ServiceRequest request) {
    Future<ServiceResponse> asked = bus.request("probe", request);
    ExecutionException failure = assertThrows(ExecutionException.class, () -> await(asked));
    return assertInstanceOf(Rejection.class, failure.getCause());
  }

  private static ServiceRequest request(Duration left) {
    Instant now = Instant.now();
    Caller caller =
        new Caller(
            "i",
            "s",
            "u",
            "c",
            List.of(),
            Optional.empty(),
            Set.of(),
            Set.of(),
            Credential.of("", now, now));
    return new ServiceRequest(
        "r", caller, "probe.ask", Map.of(), Map.of(), Map.of(), Buffer.buffer(), now.plus(left));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, SECONDS);
  }
}
