package io.portcullis.testing;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting on the test thread, always with a deadline. */
public final class Await {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  private Await() {}

  /** The value of a future; its failure is an assertion error. */
  public static <T> T value(Future<T> future) {
    return value(future, DEADLINE);
  }

  /** The value of a future that may take longer. */
  public static <T> T value(Future<T> future, Duration limit) {
    try {
      return completed(future).get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed", e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** The failure of a future; its success is an assertion error. */
  public static Throwable failure(Future<?> future) {
    try {
      Object value = completed(future).get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("succeeded with " + value);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("no answer", e);
    }
  }

  /** Whether a future succeeded. */
  public static boolean outcome(Future<?> future) {
    return value(future.transform(done -> Future.succeededFuture(done.succeeded())));
  }

  /** Polls until the condition holds. */
  public static void until(String what, BooleanSupplier condition) {
    until(condition, DEADLINE, () -> what);
  }

  /** Polls until the condition holds; the description is asked for when it did not. */
  public static void until(BooleanSupplier condition, Duration limit, Supplier<String> what) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + limit + ": " + what.get());
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  private static <T> CompletableFuture<T> completed(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture();
  }
}
