package io.portcullis.tls;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How long things last, and when they are due. */
final class Terms {
  static final Duration ROOT = Duration.ofDays(3653);
  static final Duration INTERMEDIATE = Duration.ofDays(365);

  /**
   * A root's list outlives the intermediates that it is about: the root is away and signs only when
   * one is made.
   */
  static final Duration ROOT_LIST = Duration.ofDays(400);

  /** Long against an outage of whoever rotates: an expired list shuts everybody out. */
  static final Duration LIST = Duration.ofDays(7);

  /** Sessions resume for up to twice as long: one key current, one previous. */
  static final Duration TICKETS = Duration.ofHours(12);

  /** Clocks that are a little late still believe what is new. */
  static final Duration SKEW = Duration.ofMinutes(1);

  private static final double JITTER = 0.1;

  private Terms() {}

  /** From a little before now; whole seconds, as X.509 has them. */
  static Signer.Span span(Instant now, Duration life) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    return new Signer.Span(second.minus(SKEW), second.plus(life));
  }

  /**
   * When a certificate is to be followed by the next: at half of its life, give or take a tenth of
   * that, so that services started together do not rotate together.
   *
   * @param draw uniform in [0, 1)
   */
  static Instant due(Instant now, Duration life, double draw) {
    double factor = 1 + JITTER * (2 * draw - 1);
    return now.plusMillis(Math.round(life.toMillis() / 2.0 * factor));
  }

  /** Whether a list is past the middle of its life. */
  static boolean stale(Authority.RevocationList list, Instant now) {
    return list.next().minus(LIST.dividedBy(2)).isBefore(now);
  }
}
