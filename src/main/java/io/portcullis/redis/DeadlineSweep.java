package io.portcullis.redis;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/**
 * Deadlines without a timer per command: while something waits, one sweep per 5 ms fails what would
 * be overdue at the next one. So a deadline is kept, at most 5 ms early.
 *
 * <p>A sweep that is itself late gives the event loop one turn first, to read replies that have
 * arrived meanwhile: a stalled loop is not Redis' fault (gravitee-api-management#18593). Used on
 * its event loop only.
 */
final class DeadlineSweep {
  private static final long TICK_NANOS = 5_000_000;
  private static final long GRACE_NANOS = 1_000_000;

  private final EventLoop loop;
  private final LongPredicate expire;
  private boolean running;
  private boolean late;
  private long dueNanos;

  /**
   * A sweep that is not running.
   *
   * @param expire fails everything whose deadline is not after the given nano time; tells whether
   *     anything still waits
   */
  DeadlineSweep(EventLoop loop, LongPredicate expire) {
    this.loop = loop;
    this.expire = expire;
  }

  /** Something waits. */
  void arm() {
    if (!running) {
      running = true;
      schedule(TICK_NANOS);
    }
  }

  private void schedule(long delayNanos) {
    dueNanos = System.nanoTime() + delayNanos;
    loop.schedule(this::sweep, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    if (!late && now - dueNanos > TICK_NANOS) {
      late = true;
      schedule(GRACE_NANOS);
      return;
    }
    late = false;
    boolean more = true;
    try {
      more = expire.test(now + TICK_NANOS);
    } finally {
      // Whatever a listener throws: without sweeps nothing would ever be overdue again.
      running = more;
      if (more) {
        schedule(TICK_NANOS);
      }
    }
  }
}
