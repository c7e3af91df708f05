package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
  private static final Duration NOTICE = Duration.ofDays(60);

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

  /** The intermediate that issues now; 0 when none may. */
  public int issuing() {
    return CaState.issuing(authorities, at).map(Authority::number).orElse(0);
  }

  /** What ends soon and is not renewed by itself, because it takes the root's passphrase. */
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    for (Authority one : authorities) {
      Instant end = one.x509().getNotAfter().toInstant();
      boolean inUse = one.root() ? one.published() : one.number() == issuing();
      if (inUse && end.isBefore(at.plus(NOTICE))) {
        warnings.add(one.label() + " ends at " + end + "; replace it");
      }
      if (one.root() && one.published() && one.crl().next().isBefore(at.plus(NOTICE))) {
        warnings.add(
            "the revocation list of "
                + one.label()
                + " ends at "
                + one.crl().next()
                + "; renew it: certs rotate --intermediate");
      }
    }
    return warnings;
  }

  /** When the next identity, or the ticket keys, are due. */
  public Instant nextDue() {
    return certificates.stream()
        .filter(one -> one.status() == IssuedCertificate.Status.CURRENT)
        .map(IssuedCertificate::due)
        .reduce(ticketsDue, (one, other) -> one.isBefore(other) ? one : other);
  }
}
