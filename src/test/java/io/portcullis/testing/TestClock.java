package io.portcullis.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test moves it. */
public final class TestClock implements InstantSource {
  private volatile Instant now;

  /** Stands at that instant. */
  public TestClock(Instant start) {
    now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Moves, backwards if negative. */
  public synchronized void advance(Duration duration) {
    now = now.plus(duration);
  }
}
