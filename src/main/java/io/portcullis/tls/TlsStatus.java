package io.portcullis.tls;

import java.time.Instant;
import java.util.Optional;

/**
 * How a node's certificate is.
 *
 * @param mode in short
 * @param role whose it is
 * @param serial of the leaf that is served
 * @param notBefore from when on it is good
 * @param notAfter when it ends
 * @param denied how many certificates the deny list holds
 * @param lastFailure why the newest files are not in use; empty when they are
 */
public record TlsStatus(
    Mode mode,
    String role,
    String serial,
    Instant notBefore,
    Instant notAfter,
    int denied,
    Optional<String> lastFailure) {
  /** In short. */
  public enum Mode {
    /** More than a third of its life is left. */
    VALID,
    /** Less is left, so its rotation is overdue. */
    EXPIRING,
    /** Nobody takes it any more. */
    EXPIRED
  }
}
