package io.portcullis.redis;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Leaves a sick Redis alone. Closed: calls go through. After {@code failures} in a row it opens:
 * nothing goes through for {@code pause}. Then one probe is let through (half open): success closes
 * it, failure opens it for another pause.
 *
 * <p>Each lane has its own, used only on its event loop: no shared writes on the hot path, and one
 * broken connection does not take the others away. The price is that every lane finds out for
 * itself, {@code failures} calls each. The probe is a PING of the lane's own, so no caller ever
 * pays for it.
 */
final class Breaker {
  private final int failures;
  private final long pauseNanos;
  private final LongSupplier nanos;
  private State state = State.CLOSED;
  private int failed;
  private long openedAt;

  Breaker(int failures, Duration pause, LongSupplier nanos) {
    if (failures < 1) {
      throw new IllegalArgumentException("failures must be at least 1");
    }
    this.failures = failures;
    this.pauseNanos = pause.toNanos();
    this.nanos = nanos;
  }

  enum State {
    CLOSED,
    OPEN,
    HALF_OPEN
  }

  State state() {
    return state;
  }

  /** Whether ordinary calls go through. */
  boolean allows() {
    return state == State.CLOSED;
  }

  /** Lets exactly one probe through when the pause is over. */
  boolean tryProbe() {
    if (state != State.OPEN || remainingNanos() > 0) {
      return false;
    }
    state = State.HALF_OPEN;
    return true;
  }

  /** What is left of the pause; 0 when it is over or when there is none. */
  long remainingNanos() {
    return state == State.OPEN ? Math.max(0, pauseNanos - (nanos.getAsLong() - openedAt)) : 0;
  }

  /** An answer came. Late answers of calls made before it opened do not close it. */
  void success() {
    if (state != State.OPEN) {
      state = State.CLOSED;
      failed = 0;
    }
  }

  /** No answer, or one that says Redis cannot serve. */
  void failure() {
    if (state == State.HALF_OPEN || (state == State.CLOSED && ++failed >= failures)) {
      open();
    }
  }

  /** Opens it at once: something else is already proof enough. */
  void open() {
    state = State.OPEN;
    failed = 0;
    openedAt = nanos.getAsLong();
  }
}
