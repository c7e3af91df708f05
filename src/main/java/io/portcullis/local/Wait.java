package io.portcullis.local;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Polls with a deadline. Blocks the calling thread, which is never an event loop here. */
final class Wait {
  private Wait() {}

  /**
   * Asks until the answer is yes, at least once.
   *
   * @return whether it was yes before the limit or an interrupt
   */
  static boolean until(Duration limit, Duration poll, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(poll.toNanos());
    }
    return true;
  }
}
