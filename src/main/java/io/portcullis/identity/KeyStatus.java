package io.portcullis.identity;

import java.time.Duration;
import java.util.Optional;

/**
 * How an issuer's signing keys are, for the health report.
 *
 * @param issuer the issuer's short name in the configuration
 * @param mode whether its tokens can be verified
 * @param age time since the last successful fetch; empty when there was none
 * @param keys how many keys are trusted
 */
public record KeyStatus(String issuer, Mode mode, Optional<Duration> age, int keys) {
  /** Whether tokens can be verified. */
  public enum Mode {
    /** Yes, and the last fetch succeeded. */
    FRESH,
    /** Yes, with the last good keys: the issuer is away. */
    STALE,
    /** No: never fetched, or older than the configured maximum age. */
    UNAVAILABLE
  }
}
