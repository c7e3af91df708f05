package io.portcullis.gateway;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests in flight on one event loop, oldest first. All have the same time limit, so the
 * oldest is the first to be late: one periodic look at the head replaces a timer per request.
 *
 * <p>An intrusive list: entering and leaving costs no allocation. Not thread-safe; one per verticle
 * instance.
 */
final class InFlight {
  private final int limit;
  private final long timeoutNanos;
  private @Nullable Exchange oldest;
  private @Nullable Exchange newest;
  private volatile int size;

  InFlight(int limit, long timeoutNanos) {
    this.limit = limit;
    this.timeoutNanos = timeoutNanos;
  }

  /** Takes a request in; false when there are too many. */
  @SuppressWarnings(
      "NonAtomicVolatileUpdate") // written by the owning event loop alone, read by gauges
  boolean enter(Exchange exchange) {
    if (size >= limit) {
      return false;
    }
    exchange.older = newest;
    if (newest == null) {
      oldest = exchange;
    } else {
      newest.newer = exchange;
    }
    newest = exchange;
    size++;
    return true;
  }

  /** The answer has begun: the request stays in flight but can no longer be late. */
  void answering(Exchange exchange) {
    unlink(exchange);
  }

  /** Lets a request go; to be called once for each that entered. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // as above
  void leave(Exchange exchange) {
    unlink(exchange);
    size--;
  }

  /**
   * Hands every late request to {@code late}, which answers it; it stays in flight until that is
   * done.
   */
  void expire(long nowNanos, Consumer<Exchange> late) {
    for (Exchange head = oldest;
        head != null && nowNanos - head.startNanos > timeoutNanos;
        head = oldest) {
      unlink(head);
      late.accept(head);
    }
  }

  int size() {
    return size;
  }

  private void unlink(Exchange exchange) {
    if (exchange.older == null && oldest != exchange) {
      return;
    }
    Exchange before = exchange.older;
    Exchange after = exchange.newer;
    if (before == null) {
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      newest = before;
    } else {
      after.older = before;
    }
    exchange.older = null;
    exchange.newer = null;
  }
}
