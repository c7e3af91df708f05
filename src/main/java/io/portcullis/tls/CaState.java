package io.portcullis.tls;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * All that the authority knows ({@code ca.json}); every other file but the keys follows from it.
 *
 * @param settle see {@link CaSettings}
 * @param ticketsDue when the session-ticket keys are to be rotated
 * @param published whether trust.pem, crl.pem and denied.json say what this says
 */
record CaState(
    String environment,
    Optional<URI> crlUrl,
    Optional<URI> ocspUrl,
    Duration settle,
    Instant ticketsDue,
    boolean published,
    List<Authority> authorities,
    List<IssuedCertificate> certificates) {

  CaState {
    authorities = List.copyOf(authorities);
    certificates = List.copyOf(certificates);
  }

  List<Authority> roots() {
    return authorities.stream().filter(Authority::root).toList();
  }

  List<Authority> intermediates() {
    return authorities.stream().filter(authority -> !authority.root()).toList();
  }

  int nextNumber(boolean root) {
    return authorities.stream()
            .filter(authority -> authority.root() == root)
            .mapToInt(Authority::number)
            .max()
            .orElse(0)
        + 1;
  }

  Authority authority(boolean root, int number) {
    return authorities.stream()
        .filter(authority -> authority.root() == root && authority.number() == number)
        .findFirst()
        .orElseThrow(
            () -> new CaException("there is no " + (root ? "root " : "intermediate ") + number));
  }

  /** The root in that phase, the newest if there are several. */
  Optional<Authority> root(Authority.Phase phase) {
    return roots().stream()
        .filter(root -> root.phase() == phase)
        .max(Comparator.comparingInt(Authority::number));
  }

  /** The intermediate that issues now: the newest that is active, settled and not revoked. */
  Authority issuing(Instant now) {
    return issuing(authorities, now)
        .orElseThrow(
            () ->
                new CaException(
                    "no intermediate may issue now; make one: certs rotate --intermediate"));
  }

  static Optional<Authority> issuing(List<Authority> all, Instant now) {
    Set<Integer> roots =
        all.stream()
            .filter(one -> one.root() && one.phase() == Authority.Phase.ACTIVE)
            .map(Authority::number)
            .collect(Collectors.toSet());
    return all.stream()
        .filter(one -> !one.root() && one.phase() == Authority.Phase.ACTIVE)
        .filter(ca -> ca.revoked().isEmpty() && !ca.usableFrom().isAfter(now))
        .filter(ca -> roots.contains(ca.parent()))
        .max(Comparator.comparingInt(Authority::number));
  }

  Optional<IssuedCertificate> current(String role) {
    return currents().stream().filter(one -> one.role().equals(role)).findFirst();
  }

  List<IssuedCertificate> currents() {
    return certificates.stream()
        .filter(one -> one.status() == IssuedCertificate.Status.CURRENT)
        .toList();
  }

  /** Adds or replaces an authority. */
  CaState with(Authority changed) {
    List<Authority> all = new ArrayList<>(authorities);
    all.removeIf(one -> one.root() == changed.root() && one.number() == changed.number());
    all.add(changed);
    all.sort(Comparator.comparing((Authority one) -> !one.root()).thenComparing(Authority::number));
    return copy(ticketsDue, published, all, certificates);
  }

  /** Adds a certificate as the current one of its role. */
  CaState issued(IssuedCertificate certificate) {
    List<IssuedCertificate> all = new ArrayList<>(certificates);
    all.replaceAll(one -> one.role().equals(certificate.role()) ? one.superseded() : one);
    all.add(certificate);
    return copy(ticketsDue, published, authorities, all);
  }

  CaState certificates(UnaryOperator<IssuedCertificate> change) {
    return copy(ticketsDue, published, authorities, certificates.stream().map(change).toList());
  }

  /**
   * Forgets what has expired and is nobody's current identity. A revoked one stays for a while
   * after its end: it must be seen on one regular list beyond it (RFC 5280, section 3.3).
   */
  CaState pruned(Instant now) {
    return copy(
        ticketsDue,
        published,
        authorities,
        certificates.stream().filter(one -> !forgettable(one, now)).toList());
  }

  private static boolean forgettable(IssuedCertificate one, Instant now) {
    return switch (one.status()) {
      case CURRENT -> false;
      case SUPERSEDED -> one.expired(now);
      case REVOKED -> one.expired(now.minus(Terms.LIST));
    };
  }

  CaState ticketsDue(Instant due) {
    return copy(due, published, authorities, certificates);
  }

  CaState published(boolean done) {
    return copy(ticketsDue, done, authorities, certificates);
  }

  private CaState copy(
      Instant tickets, boolean done, List<Authority> all, List<IssuedCertificate> issued) {
    return new CaState(environment, crlUrl, ocspUrl, settle, tickets, done, all, issued);
  }

  /**
   * What a revocation of a role or a serial means: everything of it that could still be used.
   *
   * @throws CaException when there is nothing
   */
  List<IssuedCertificate> revocable(String wanted, Instant now) {
    String serial = wanted.toLowerCase(Locale.ROOT).replace(":", "");
    List<IssuedCertificate> named =
        certificates.stream()
            .filter(one -> one.serial().equals(serial) || one.role().equals(wanted))
            .toList();
    List<IssuedCertificate> doomed =
        named.stream()
            .filter(one -> one.status() != IssuedCertificate.Status.REVOKED && !one.expired(now))
            .toList();
    if (doomed.isEmpty()) {
      throw new CaException(
          named.isEmpty()
              ? Shown.of(wanted) + " is neither a role nor the serial of a certificate here"
              : "everything of " + Shown.of(wanted) + " is revoked or expired already");
    }
    return doomed;
  }
}
