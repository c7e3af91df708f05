package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waiting on the test's thread, never for long. */
final class Await {
  private static final long SECONDS = 15;

  private Await() {}

  static <T> T result(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(SECONDS, TimeUnit.SECONDS)
        .join();
  }

  static <E extends Throwable> E failure(Class<E> type, Future<?> future) {
    CompletionException failure = assertThrows(CompletionException.class, () -> result(future));
    return assertInstanceOf(type, failure.getCause(), () -> String.valueOf(failure.getCause()));
  }

  static <T> Future<T> settled(Future<T> future) {
    result(future.transform(outcome -> Future.succeededFuture(outcome.succeeded())));
    return future;
  }

  static void until(String what, BooleanSupplier condition) {
    io.portcullis.testing.Await.until(condition, Duration.ofSeconds(SECONDS), () -> what);
  }
}
