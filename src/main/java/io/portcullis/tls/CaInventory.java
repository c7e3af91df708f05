package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Everything an authority has made that is not forgotten yet. Needs no passphrase.
 *
 * @param environment of all identities
 * @param at when this was read
 * @param ticketsDue when the session-ticket keys are rotated next
 * @param authorities roots first
 * @param certificates in the order of their issue
 */
public record CaInventory(
    String environment,
    Instant at,
    Instant ticketsDue,
    List<Authority> authorities,
    List<IssuedCertificate> certificates) {

  /**
   * Reads the state of a directory. Blocks on the disk.
   *
   * @throws CaException when there is none, or it is damaged or open to others
   */
  public static CaInventory read(Path directory, InstantSource clock) {
    CaDirectory place = CaDirectory.of(directory);
    try {
      place.check();
      return of(place.state().read(), clock.instant());
    } catch (IOException e) {
      throw CertificateAuthority.failed(place, e);
    }
  }

  static CaInventory of(CaState state, Instant now) {
    return new CaInventory(
        state.environment(), now, state.ticketsDue(), state.authorities(), state.certificates());
  }

  /** When the next identity, or the ticket keys, are due. */
  public Instant nextDue() {
    return certificates.stream()
        .filter(one -> one.status() == IssuedCertificate.Status.CURRENT)
        .map(IssuedCertificate::due)
        .reduce(ticketsDue, (one, other) -> one.isBefore(other) ? one : other);
  }
}
