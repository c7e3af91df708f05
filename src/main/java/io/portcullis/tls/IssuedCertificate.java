package io.portcullis.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One identity that the authority issued; never holds the key.
 *
 * @param serial lower-case hexadecimal, no leading zeros
 * @param role whose it is
 * @param uri {@code spiffe://portcullis/<env>/<role>}
 * @param dns all its DNS names
 * @param ips all its IP addresses
 * @param life what was asked for; its successor gets the same
 * @param notBefore valid from
 * @param notAfter valid until
 * @param due when its successor is to be issued: half life ± up to 10 %
 * @param status what became of it; expiry is seen by {@code notAfter}
 * @param issuer number of the intermediate that signed it
 * @param revocation when it was revoked and why
 */
public record IssuedCertificate(
    String serial,
    String role,
    String uri,
    List<String> dns,
    List<String> ips,
    Duration life,
    Instant notBefore,
    Instant notAfter,
    Instant due,
    Status status,
    int issuer,
    Optional<Revocation> revocation) {

  /** What became of a certificate. */
  public enum Status {
    /** The one its role serves with. */
    CURRENT,
    /** Valid, but a successor is out. */
    SUPERSEDED,
    /** In the CRL and on the deny list until it expires. */
    REVOKED
  }

  /** When and why. */
  public record Revocation(Instant at, RevocationReason reason) {}

  /** Whether it is past its end. */
  public boolean expired(Instant now) {
    return !now.isBefore(notAfter);
  }

  IssuedCertificate superseded() {
    return status == Status.CURRENT ? with(Status.SUPERSEDED, due, revocation) : this;
  }

  IssuedCertificate revoked(Instant at, RevocationReason reason) {
    return with(Status.REVOKED, due, Optional.of(new Revocation(at, reason)));
  }

  IssuedCertificate dueAt(Instant when) {
    return with(status, when, revocation);
  }

  /** The request that repeats it. */
  IdentityRequest again() {
    return new IdentityRequest(role, dns, ips, life);
  }

  private IssuedCertificate with(Status to, Instant dueAt, Optional<Revocation> revoked) {
    return new IssuedCertificate(
        serial, role, uri, dns, ips, life, notBefore, notAfter, dueAt, to, issuer, revoked);
  }
}
