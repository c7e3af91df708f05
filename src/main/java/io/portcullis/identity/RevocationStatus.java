package io.portcullis.identity;

import java.time.Duration;
import java.util.Optional;

/**
 * What a node knows of the revocations.
 *
 * @param mode how current it is
 * @param entries how many there are
 * @param age since they were last read; empty when they never were
 */
public record RevocationStatus(Mode mode, int entries, Optional<Duration> age) {
  /** How current the list is. */
  public enum Mode {
    /** Read within the last seconds. */
    FRESH,
    /** The last one that could be read is used. */
    STALE,
    /** Never read since the start: nobody can be told from somebody whose access was taken back. */
    UNAVAILABLE
  }
}
