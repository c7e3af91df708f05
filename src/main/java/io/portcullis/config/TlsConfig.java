package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.TextForms.path;
import static io.portcullis.config.TextForms.roleName;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * This node's own certificate and whom it trusts. Read again while the node runs.
 *
 * @param certificate the leaf and its intermediates, PEM; absent: no TLS on this node
 * @param key its private key, PKCS#8 PEM, not encrypted
 * @param trust the roots to trust, PEM
 * @param denied the deny list; absent: nobody is denied
 * @param checkInterval how often the files are looked at
 * @param role the role that the certificate must have
 */
public record TlsConfig(
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Path> trust,
    Optional<Path> denied,
    Duration checkInterval,
    String role) {

  static TlsConfig read(Section tls) {
    TlsConfig config =
        new TlsConfig(
            tls.optional(
                "certificate",
                path(),
                "this node's certificate and its intermediates, PEM; empty: no TLS on this node"),
            tls.optional("key", path(), "its private key, PKCS#8 PEM, not encrypted"),
            tls.optional("trust", path(), "the roots to trust, PEM"),
            tls.optional(
                "denied", path(), "the deny list of revoked certificates; empty denies nobody"),
            tls.value(
                "check-interval",
                duration("100ms", "1m"),
                "1s",
                "how often the files are looked at"),
            tls.value("role", roleName(), "gateway", "the role that the certificate must have"));
    long given =
        Stream.of(config.certificate, config.key, config.trust).filter(Optional::isPresent).count();
    tls.check(
        given == 0 || given == 3,
        "expected certificate, key and trust together",
        "certificate",
        "key",
        "trust");
    tls.check(
        given > 0 || config.denied.isEmpty(),
        "expected a certificate beside the deny list",
        "denied",
        "certificate");
    return config;
  }

  /** Whether this node has a certificate. */
  public boolean on() {
    return certificate.isPresent();
  }
}
