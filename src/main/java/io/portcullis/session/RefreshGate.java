package io.portcullis.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Leaves an issuer alone that fails. After three failures in a row nobody of this node asks it for
 * a second, then for two, four, and so on up to a bound; after each pause one caller is let through
 * to see. A success opens it. Safe on any thread.
 */
final class RefreshGate {
  private static final int PATIENCE = 3;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final int MOST_DOUBLINGS = 10;

  private final Duration longestPause;
  private final Duration callDeadline;
  private final InstantSource clock;
  private int failures;
  private int pauses;
  private boolean probing;
  private Instant closedUntil = Instant.EPOCH;

  RefreshGate(RefreshTiming timing, InstantSource clock) {
    this.longestPause = timing.longestPause();
    this.callDeadline = timing.callDeadline();
    this.clock = clock;
  }

  /** Whether a caller may ask the issuer; each one that may must tell how it went. */
  synchronized boolean enter() {
    if (failures < PATIENCE) {
      return true;
    }
    Instant now = clock.instant();
    if (now.isBefore(closedUntil)) {
      return false;
    }
    probing = true;
    closedUntil = now.plus(callDeadline);
    return true;
  }

  /** How long it stays closed; zero when it is open. */
  synchronized Duration closedFor() {
    Duration left = Duration.between(clock.instant(), closedUntil);
    return failures < PATIENCE || left.isNegative() ? Duration.ZERO : left;
  }

  /** It was let through and did not ask: nothing is known that was not known before. */
  synchronized void turnedBack() {
    if (probing) {
      probing = false;
      closedUntil = clock.instant();
    }
  }

  /** The issuer answered, whatever it said. */
  synchronized void answered() {
    failures = 0;
    pauses = 0;
    probing = false;
    closedUntil = Instant.EPOCH;
  }

  /** The issuer failed. Those who had asked before it was closed make the pause no longer. */
  synchronized void failed() {
    failures = Math.min(PATIENCE, failures + 1);
    Instant now = clock.instant();
    if (failures < PATIENCE || (!probing && now.isBefore(closedUntil))) {
      return;
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(pauses, MOST_DOUBLINGS));
    pauses++;
    probing = false;
    closedUntil = now.plus(pause.compareTo(longestPause) < 0 ? pause : longestPause);
  }
}
