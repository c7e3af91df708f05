package io.portcullis.tls;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;

/**
 * A root or an intermediate, without its key.
 *
 * @param root whether it is a root
 * @param number from 1, never used again; also the name of its folder
 * @param parent number of the root that signed it; its own for a root
 * @param phase where it stands in its life
 * @param certificate PEM
 * @param usableFrom an intermediate issues from then on
 * @param revoked when an intermediate was revoked
 * @param crl the latest list it signed
 */
public record Authority(
    boolean root,
    int number,
    int parent,
    Phase phase,
    String certificate,
    Instant usableFrom,
    Optional<Instant> revoked,
    RevocationList crl) {

  /** Where an authority stands in its life. */
  public enum Phase {
    /** Trusted by everybody soon; issues nothing yet. */
    INTRODUCED,
    /** Trusted and in use. */
    ACTIVE,
    /** Trusted while what it signed is still about; issues nothing any more. */
    RETIRING,
    /** Not trusted any more; its key is gone. */
    RETIRED
  }

  /**
   * A CRL.
   *
   * @param number grows by one with each
   * @param next when it ends to be believed
   * @param pem the list
   */
  public record RevocationList(long number, Instant next, String pem) {}

  /** The certificate, parsed. */
  public X509Certificate x509() {
    return PemText.certificate(certificate);
  }

  /** {@code root/1} or {@code ca/1}: its folder, and how it is called in messages. */
  public String label() {
    return (root ? "root/" : "ca/") + number;
  }

  boolean published() {
    return phase != Phase.RETIRED;
  }

  Authority with(Phase to) {
    return new Authority(root, number, parent, to, certificate, usableFrom, revoked, crl);
  }

  Authority with(RevocationList list) {
    return new Authority(root, number, parent, phase, certificate, usableFrom, revoked, list);
  }

  Authority revokedAt(Instant at) {
    return new Authority(
        root, number, parent, phase, certificate, usableFrom, Optional.of(at), crl);
  }

  Authority usable(Instant from) {
    return new Authority(root, number, parent, phase, certificate, from, revoked, crl);
  }
}
