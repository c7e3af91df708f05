package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** New identities for old, and a new intermediate for an old one, with the clock in hand. */
class CaRotationTest {
  private final CaFixture fixture;
  private final CertificateAuthority authority;

  CaRotationTest(@TempDir Path folder) {
    fixture = new CaFixture(folder);
    authority = fixture.init();
  }

  @AfterEach
  void close() {
    authority.close();
  }

  @Test
  void rotateDue_atHalfLife_issuesAgainWhatIsDueAndNothingElse() throws Exception {
    var daily = authority.issue(IdentityRequest.of("gateway").withDns("localhost"));
    authority.issue(IdentityRequest.of("edge").withLife(Duration.ofDays(90)));
    fixture.clock.advance(Duration.ofHours(24).multipliedBy(44).dividedBy(100));
    assertEquals(List.of(), authority.rotateDue().issued());
    fixture.clock.advance(Duration.ofHours(24).multipliedBy(12).dividedBy(100));
    var rotated = authority.rotateDue().issued();
    assertEquals(List.of("gateway"), rotated.stream().map(IssuedCertificate::role).toList());
    assertEquals(daily.dns(), rotated.getFirst().dns());
    assertEquals(daily.life(), rotated.getFirst().life());
    assertEquals(
        rotated.getFirst().serial(), fixture.leaf("gateway").getSerialNumber().toString(16));
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
  }

  @Test
  void rotate_manyTimes_keepsTheCurrentAndTheOneBefore() throws Exception {
    for (int i = 0; i < 5; i++) {
      authority.issue(IdentityRequest.of("gateway"));
    }
    Path folder = fixture.directory.resolve("identities/gateway");
    try (var content = Files.list(folder)) {
      assertEquals(3, content.count(), "two versions and the link");
    }
    assertTrue(Files.isSymbolicLink(folder.resolve("current")));
    assertFalse(Files.readSymbolicLink(folder.resolve("current")).isAbsolute());
    assertEquals(5, authority.list().certificates().size());
    fixture.clock.advance(Duration.ofHours(25));
    authority.rotateDue();
    assertEquals(1, authority.list().certificates().size(), "expired ones are forgotten");
  }

  @Test
  void rotateDue_beforeTheListsEnd_renewsThemWithAHigherNumber() throws Exception {
    X509CRL before = list();
    fixture.clock.advance(Duration.ofDays(3));
    authority.rotateDue();
    assertEquals(before.getThisUpdate(), list().getThisUpdate(), "not past the middle yet");
    fixture.clock.advance(Duration.ofDays(1));
    authority.rotateDue();
    assertTrue(list().getNextUpdate().toInstant().isAfter(before.getNextUpdate().toInstant()));
    fixture.clock.advance(Duration.ofDays(30));
    authority.issue(IdentityRequest.of("gateway"));
    authority.rotateDue();
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
  }

  @Test
  void tickets_whenRotated_moveFromCurrentToPrevious() throws Exception {
    Path current = authority.ticketsDirectory().resolve("current.key");
    Path previous = authority.ticketsDirectory().resolve("previous.key");
    byte[] first = Files.readAllBytes(current);
    assertEquals(80, first.length);
    assertEquals(80, Files.readAllBytes(previous).length);
    assertFalse(authority.rotateDue().tickets());
    fixture.clock.advance(Duration.ofHours(12));
    assertTrue(authority.rotateDue().tickets());
    assertArrayEquals(first, Files.readAllBytes(previous));
    assertFalse(java.util.Arrays.equals(first, Files.readAllBytes(current)));
    assertFalse(authority.rotateDue().tickets());
    assertTrue(authority.rotateAll().tickets());
  }

  @Test
  void rotate_severalWithOneUnknown_issuesNone() {
    authority.issue(IdentityRequest.of("gateway"));
    assertThrows(CaException.class, () -> authority.rotate(List.of("gateway", "nobody")));
    assertEquals(1, authority.list().certificates().size());
  }

  @Test
  void rotateIntermediate_oldAndNewIdentities_areBothAccepted() throws Exception {
    authority.issue(IdentityRequest.of("gateway"));
    Path old = authority.identityDirectory("gateway").toRealPath().resolve("tls.crt");
    Authority made = authority.rotateIntermediate(CaFixture.ROOT_PASS);
    assertEquals("ca/2", made.label());
    assertEquals(1, authority.issue(IdentityRequest.of("nginx")).issuer(), "it settles first");
    assertEquals(3, CaFixture.lists(authority.crlFile()).size());
    fixture.clock.advance(Duration.ofMinutes(1));
    assertEquals(2, authority.rotate("gateway").issuer());
    fixture.assertAccepted(old);
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    assertNotEquals(old, authority.identityDirectory("gateway").toRealPath().resolve("tls.crt"));
    assertEquals(1, CaFixture.certificates(authority.trustFile()).size(), "the same root");
  }

  @Test
  void rotateIntermediate_whenTheLastOfTheOldHasExpired_retiresItAndRemovesItsKey()
      throws Exception {
    authority.issue(IdentityRequest.of("gateway"));
    authority.rotateIntermediate(CaFixture.ROOT_PASS);
    fixture.clock.advance(Duration.ofHours(13));
    authority.rotateDue();
    assertTrue(Files.exists(fixture.directory.resolve("ca/1/ca.key")));
    fixture.clock.advance(Duration.ofHours(13));
    authority.rotateDue();
    assertFalse(Files.exists(fixture.directory.resolve("ca/1/ca.key")));
    assertTrue(Files.exists(fixture.directory.resolve("ca/2/ca.key")));
    assertEquals(2, CaFixture.lists(authority.crlFile()).size());
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    try (var again = fixture.open()) {
      assertEquals(2, again.issue(IdentityRequest.of("nginx")).issuer());
    }
  }

  @Test
  void rotateIntermediate_withoutTheRoot_isRefusedAndTheRestGoesOn() throws Exception {
    Path root = fixture.directory.resolve("root");
    Path elsewhere = fixture.directory.resolveSibling("safe");
    Files.move(root, elsewhere);
    var refused =
        assertThrows(CaException.class, () -> authority.rotateIntermediate(CaFixture.ROOT_PASS));
    assertTrue(refused.getMessage().contains("root/1/root.key"), refused.getMessage());
    authority.issue(IdentityRequest.of("gateway"));
    authority.revoke("gateway", RevocationReason.SUPERSEDED, true);
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    Files.move(elsewhere, root);
    authority.rotateIntermediate(CaFixture.ROOT_PASS);
  }

  private X509CRL list() throws Exception {
    return CaFixture.lists(authority.crlFile()).stream()
        .map(X509CRL.class::cast)
        .filter(one -> one.getIssuerX500Principal().getName().contains("CN=Portcullis CA"))
        .findFirst()
        .orElseThrow();
  }
}
