package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.portcullis.testing.TestClock;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRL;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** An authority in a folder, a clock, and two independent judges of what it issues. */
final class CaFixture {
  static final char[] ROOT_PASS = "the root is in a safe place".toCharArray();
  static final char[] CA_PASS = "the online one is in a file".toCharArray();

  final TestClock clock = new TestClock(Instant.now());
  final Path directory;

  CaFixture(Path folder) {
    directory = folder.resolve("certs");
  }

  CertificateAuthority init() {
    return init(CaSettings.of(directory, "staging"));
  }

  CertificateAuthority init(CaSettings settings) {
    try (var passphrases = new Passphrases(ROOT_PASS, CA_PASS)) {
      return CertificateAuthority.init(settings, passphrases, clock);
    }
  }

  CertificateAuthority open() {
    return CertificateAuthority.open(directory, CA_PASS, clock);
  }

  static List<X509Certificate> certificates(Path file) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file)))
        .stream()
        .map(X509Certificate.class::cast)
        .toList();
  }

  static Collection<? extends CRL> lists(Path file) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCRLs(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  /** What the JDK's PKIX validator says, with every list checked: empty when it is content. */
  Optional<String> pkix(Path chain) throws Exception {
    Set<TrustAnchor> anchors =
        certificates(directory.resolve("trust.pem")).stream()
            .map(root -> new TrustAnchor(root, null))
            .collect(Collectors.toSet());
    var parameters = new PKIXParameters(anchors);
    parameters.setDate(Date.from(clock.instant()));
    parameters.setRevocationEnabled(true);
    parameters.addCertStore(
        CertStore.getInstance(
            "Collection",
            new CollectionCertStoreParameters(lists(directory.resolve("crl.pem")))));
    List<? extends Certificate> path = certificates(chain);
    CertPath whole = CertificateFactory.getInstance("X.509").generateCertPath(path);
    try {
      CertPathValidator.getInstance("PKIX").validate(whole, parameters);
      return Optional.empty();
    } catch (CertPathValidatorException e) {
      return Optional.of(String.valueOf(e.getReason()));
    }
  }

  /** What OpenSSL says, with every list checked: empty when it is content. */
  Optional<String> openssl(Path chain) throws Exception {
    Answer answer =
        run(
            "openssl",
            "verify",
            "-x509_strict",
            "-crl_check_all",
            "-attime",
            Long.toString(clock.instant().getEpochSecond()),
            "-CAfile",
            directory.resolve("trust.pem").toString(),
            "-CRLfile",
            directory.resolve("crl.pem").toString(),
            "-untrusted",
            chain.toString(),
            chain.toString());
    return answer.code() == 0 ? Optional.empty() : Optional.of(answer.text());
  }

  /** Both judges are content. */
  void assertAccepted(Path chain) throws Exception {
    assertEquals(Optional.empty(), pkix(chain), "the JDK");
    assertEquals(Optional.empty(), openssl(chain), "OpenSSL");
  }

  record Answer(int code, String text) {}

  static Answer run(String... command) throws IOException, InterruptedException {
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return fail("this test needs the program " + command[0] + " (Debian: apt install openssl)");
    }
    process.getOutputStream().close();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      fail(command[0] + " did not end");
    }
    return new Answer(process.exitValue(), text);
  }

  X509Certificate leaf(String role) throws Exception {
    return certificates(directory.resolve("identities/" + role + "/current/tls.crt")).getFirst();
  }

}
