package io.portcullis.local;

import io.portcullis.tls.CaSettings;
import io.portcullis.tls.CertificateAuthority;
import io.portcullis.tls.IdentityRequest;
import io.portcullis.tls.IssuedCertificate;
import io.portcullis.tls.Passphrases;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * This machine's own certificate authority and the identities of the local system: the gateway's,
 * Nginx' and the one that browsers see. Its passphrases lie among the local secrets. All methods
 * block; one thread at a time.
 */
public final class LocalCertificates implements AutoCloseable {
  private static final String GATEWAY = "gateway";
  private static final String NGINX = "nginx";
  private static final String EDGE = "edge";

  /** People look at it, and who checks servers warns of certificates that end soon. */
  private static final Duration EDGE_LIFE = Duration.ofDays(90);

  private final CertificateAuthority authority;
  private final Path directory;

  private LocalCertificates(CertificateAuthority authority, Path directory) {
    this.authority = authority;
    this.directory = directory;
  }

  /**
   * Opens the authority, made on first use, and issues what is missing or due.
   *
   * @param directory where it lives
   * @param secrets the folder of the local secrets
   * @param environment what stands in the identities
   * @param crl where the lists of revoked certificates can be had, said in every identity; only the
   *     first opening decides
   */
  public static LocalCertificates open(Path directory, Path secrets, String environment, URI crl) {
    Secrets passphrases = Secrets.open(secrets);
    char[] ca = passphrases.get(Secrets.CERTS_CA).toCharArray();
    CertificateAuthority authority =
        Files.exists(directory.resolve("ca.json"))
            ? CertificateAuthority.open(directory, ca, Clock.systemUTC())
            : init(CaSettings.of(directory, environment).withCrlUrl(crl), passphrases, ca);
    LocalCertificates certificates = new LocalCertificates(authority, directory);
    try {
      certificates.issueMissing();
      authority.rotateDue();
      return certificates;
    } catch (RuntimeException e) {
      authority.close();
      throw e;
    }
  }

  /** The certificates directory. */
  public Path directory() {
    return directory;
  }

  /** The authority itself, for who wants to revoke or to issue more. */
  public CertificateAuthority authority() {
    return authority;
  }

  /** Issues what is due. */
  public CertificateAuthority.Rotated rotateDue() {
    return authority.rotateDue();
  }

  @Override
  public void close() {
    authority.close();
  }

  private static CertificateAuthority init(CaSettings settings, Secrets secrets, char[] ca) {
    char[] root = secrets.get(Secrets.CERTS_ROOT).toCharArray();
    try (Passphrases both = new Passphrases(root, ca)) {
      return CertificateAuthority.init(settings, both, Clock.systemUTC());
    }
  }

  private void issueMissing() {
    Set<String> there =
        authority.list().certificates().stream()
            .filter(one -> one.status() == IssuedCertificate.Status.CURRENT)
            .map(IssuedCertificate::role)
            .collect(Collectors.toSet());
    for (IdentityRequest request :
        List.of(
            IdentityRequest.of(GATEWAY).withDns("localhost").withIp("127.0.0.1"),
            IdentityRequest.of(NGINX),
            IdentityRequest.of(EDGE)
                .withDns("localhost")
                .withIp("127.0.0.1")
                .withLife(EDGE_LIFE))) {
      if (!there.contains(request.role())) {
        authority.issue(request);
      }
    }
  }
}
