package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new authority is, and what it issues; judged by the JDK and by OpenSSL. */
class CertificateAuthorityIT {
  private static final int DIGITAL_SIGNATURE = 0;
  private static final int SIGN_CERTIFICATES = 5;
  private static final int SIGN_LISTS = 6;

  private final CaFixture fixture;

  CertificateAuthorityIT(@TempDir Path folder) {
    fixture = new CaFixture(folder);
  }

  @BeforeEach
  void openssl_isInstalled() throws Exception {
    assertEquals(0, CaFixture.run("openssl", "version").code());
  }

  @Test
  void issue_anIdentity_isAcceptedByJdkAndOpenssl() throws Exception {
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway").withDns("localhost").withIp("127.0.0.1"));
      fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    }
    try (var again = fixture.open()) {
      again.issue(IdentityRequest.of("nginx").withIp("::1"));
      fixture.assertAccepted(again.identityDirectory("gateway").resolve("tls.crt"));
      fixture.assertAccepted(again.identityDirectory("nginx").resolve("tls.crt"));
      assertEquals(2, again.list().certificates().size());
    }
  }

  @Test
  void issue_anIdentity_saysWhatItMayDoAndNothingElse() throws Exception {
    try (var authority = fixture.init()) {
      var issued =
          authority.issue(
              IdentityRequest.of("gateway")
                  .withDns("localhost", "gateway.example.org")
                  .withIp("127.0.0.1", "::1"));
      X509Certificate leaf = fixture.leaf("gateway");
      assertEquals("spiffe://portcullis/staging/gateway", issued.uri());
      assertEquals(
          List.of(
              "6=spiffe://portcullis/staging/gateway",
              "2=gateway.portcullis.internal",
              "2=localhost",
              "2=gateway.example.org",
              "7=127.0.0.1",
              "7=0:0:0:0:0:0:0:1"),
          leaf.getSubjectAlternativeNames().stream()
              .map(name -> name.get(0) + "=" + name.get(1))
              .toList());
      assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), leaf.getExtendedKeyUsage());
      assertEquals(List.of(DIGITAL_SIGNATURE), usages(leaf));
      assertEquals(-1, leaf.getBasicConstraints());
      assertEquals("SHA256withECDSA", leaf.getSigAlgName());
      assertEquals(issued.serial(), leaf.getSerialNumber().toString(16));
      assertEquals(128, leaf.getSerialNumber().bitLength());
      Instant now = fixture.clock.instant().truncatedTo(ChronoUnit.SECONDS);
      assertEquals(now.minusSeconds(60), leaf.getNotBefore().toInstant());
      assertEquals(now.plus(Duration.ofHours(24)), leaf.getNotAfter().toInstant());
      assertEquals(issued.notAfter(), leaf.getNotAfter().toInstant());
    }
  }

  @Test
  void init_aNewAuthority_hasARootThatSignsOneIntermediateThatSignsLeaves() throws Exception {
    fixture.init().close();
    X509Certificate root = CaFixture.certificates(fixture.directory.resolve("trust.pem")).getLast();
    X509Certificate ca = CaFixture.certificates(fixture.directory.resolve("ca/1/ca.crt")).getLast();
    assertEquals(root.getSubjectX500Principal(), ca.getIssuerX500Principal());
    assertEquals(1, root.getBasicConstraints());
    assertEquals(0, ca.getBasicConstraints());
    assertEquals(List.of(SIGN_CERTIFICATES, SIGN_LISTS), usages(root));
    assertEquals(List.of(SIGN_CERTIFICATES, SIGN_LISTS), usages(ca));
    assertTrue(ca.getCriticalExtensionOIDs().contains("2.5.29.30"), "name constraints");
    assertEquals(3653, days(root));
    assertEquals(365, days(ca));
    assertEquals(2, CaFixture.lists(fixture.directory.resolve("crl.pem")).size());
    assertArrayEquals(
        Files.readAllBytes(fixture.directory.resolve("root/1/root.crt")),
        Files.readAllBytes(fixture.directory.resolve("trust.pem")));
  }

  @Test
  void issue_withUrls_namesThem() throws Exception {
    var settings =
        CaSettings.of(fixture.directory, "staging")
            .withCrlUrl(URI.create("http://pki.example.org/crl.pem"))
            .withOcspUrl(URI.create("http://ocsp.example.org/"));
    try (var authority = fixture.init(settings)) {
      authority.issue(IdentityRequest.of("edge"));
      Path chain = authority.identityDirectory("edge").resolve("tls.crt");
      String text =
          CaFixture.run("openssl", "x509", "-noout", "-text", "-in", chain.toString()).text();
      assertTrue(text.contains("URI:http://pki.example.org/crl.pem"), text);
      assertTrue(text.contains("OCSP - URI:http://ocsp.example.org/"), text);
      fixture.assertAccepted(chain);
    }
  }

  @Test
  void issue_nearTheEndOfTheIntermediate_isCutToItAndRefusedAtTheEnd() throws Exception {
    try (var authority = fixture.init()) {
      fixture.clock.advance(Duration.ofDays(365).minusHours(1));
      var issued = authority.issue(IdentityRequest.of("gateway"));
      X509Certificate ca =
          CaFixture.certificates(fixture.directory.resolve("ca/1/ca.crt")).getLast();
      assertEquals(ca.getNotAfter().toInstant(), issued.notAfter());
      assertTrue(issued.due().isBefore(fixture.clock.instant().plus(Duration.ofMinutes(34))));
      assertFalse(authority.list().warnings().isEmpty());
      fixture.clock.advance(Duration.ofHours(1));
      var refused =
          assertThrows(CaException.class, () -> authority.issue(IdentityRequest.of("gateway")));
      assertTrue(refused.getMessage().contains("ca/1"), refused.getMessage());
    }
  }

  @Test
  void init_whereOneIsAlready_isRefusedAndChangesNothing() throws Exception {
    fixture.init().close();
    byte[] before = Files.readAllBytes(fixture.directory.resolve("ca.json"));
    var refused = assertThrows(CaException.class, fixture::init);
    assertTrue(refused.getMessage().contains("already"), refused.getMessage());
    assertArrayEquals(before, Files.readAllBytes(fixture.directory.resolve("ca.json")));
  }

  @Test
  void init_inAFolderWithOtherThings_isRefused() throws Exception {
    Files.createDirectories(fixture.directory);
    Files.writeString(fixture.directory.resolve("letter.txt"), "dear all");
    var refused = assertThrows(CaException.class, fixture::init);
    assertTrue(refused.getMessage().contains("not empty"), refused.getMessage());
    try (var left = Files.list(fixture.directory)) {
      assertEquals(List.of("letter.txt"), left.map(path -> path.getFileName().toString()).toList());
    }
  }

  @Test
  void verify_afterTheEnd_isRefusedByBothJudges() throws Exception {
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway").withLife(Duration.ofMinutes(2)));
      Path chain = authority.identityDirectory("gateway").resolve("tls.crt");
      fixture.assertAccepted(chain);
      fixture.clock.advance(Duration.ofMinutes(3));
      assertEquals(Optional.of("EXPIRED"), fixture.pkix(chain));
      assertTrue(fixture.openssl(chain).orElse("").contains("expired"));
    }
  }

  private static List<Integer> usages(X509Certificate certificate) {
    boolean[] bits = certificate.getKeyUsage();
    return java.util.stream.IntStream.range(0, bits.length)
        .filter(bit -> bits[bit])
        .boxed()
        .collect(Collectors.toList());
  }

  private long days(X509Certificate certificate) {
    return Duration.between(
            fixture.clock.instant().minusSeconds(1), certificate.getNotAfter().toInstant())
        .toDays();
  }
}
