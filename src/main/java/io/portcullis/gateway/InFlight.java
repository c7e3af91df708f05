package io.portcullis.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests in flight on one event loop, in two lines: those that wait for their answer, oldest
 * first, and those whose long answer has begun. All that wait have the same time limit, so the
 * oldest is the first to be late: one periodic look at the head replaces a timer per request.
 *
 * <p>The lines are intrusive lists: entering and leaving costs no allocation. Not thread-safe; one
 * per verticle instance.
 */
final class InFlight {
  private final int limit;
  private final long timeoutNanos;
  private final Line waiting = new Line();
  private final Line answering = new Line();
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
    waiting.append(exchange);
    size++;
    return true;
  }

  /** The answer has begun: the request stays in flight but can no longer be late. */
  void answering(Exchange exchange) {
    unlink(exchange);
    answering.append(exchange);
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
    for (Exchange head = waiting.first;
        head != null && nowNanos - head.startNanos > timeoutNanos;
        head = waiting.first) {
      unlink(head);
      late.accept(head);
    }
  }

  /** All of them at this moment, those that are late excepted: they are being ended anyway. */
  List<Exchange> all() {
    List<Exchange> all = new ArrayList<>(size);
    waiting.addTo(all);
    answering.addTo(all);
    return all;
  }

  /** Those whose long answer has begun. */
  List<Exchange> streams() {
    List<Exchange> streams = new ArrayList<>();
    answering.addTo(streams);
    return streams;
  }

  int size() {
    return size;
  }

  private static void unlink(Exchange exchange) {
    Line line = exchange.line;
    if (line != null) {
      line.remove(exchange);
    }
  }

  /** A line of exchanges, which are in one line at most. */
  static final class Line {
    private @Nullable Exchange first;
    private @Nullable Exchange last;

    private void append(Exchange exchange) {
      exchange.line = this;
      exchange.older = last;
      if (last == null) {
        first = exchange;
      } else {
        last.newer = exchange;
      }
      last = exchange;
    }

    private void remove(Exchange exchange) {
      Exchange before = exchange.older;
      Exchange after = exchange.newer;
      if (before == null) {
        first = after;
      } else {
        before.newer = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.older = before;
      }
      exchange.line = null;
      exchange.older = null;
      exchange.newer = null;
    }

    private void addTo(List<Exchange> list) {
      for (Exchange exchange = first; exchange != null; exchange = exchange.newer) {
        list.add(exchange);
      }
    }
  }
}
