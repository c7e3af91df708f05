package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A new root in three steps, each judged by the JDK and OpenSSL with the old and the new leaf. */
class RootRotationIT {
  private final CaFixture fixture;
  private final CertificateAuthority authority;

  RootRotationIT(@TempDir Path folder) {
    fixture = new CaFixture(folder);
    authority = fixture.init();
  }

  @AfterEach
  void close() {
    authority.close();
  }

  @Test
  void root_inAllPhases_oldAndNewAreAcceptedUntilTheOldIsRetired() throws Exception {
    authority.issue(IdentityRequest.of("gateway").withDns("localhost"));
    authority.issue(IdentityRequest.of("nginx"));
    Path old = fixture.directory.resolveSibling("old.crt");
    Files.copy(authority.identityDirectory("gateway").resolve("tls.crt"), old);
    Path current = authority.identityDirectory("gateway").resolve("tls.crt");

    assertEquals("root/2", authority.introduceRoot(CaFixture.ROOT_PASS).label());
    assertEquals(2, CaFixture.certificates(authority.trustFile()).size());
    assertEquals(4, CaFixture.lists(authority.crlFile()).size());
    assertEquals(1, authority.rotate("gateway").issuer(), "the old root still issues");
    fixture.assertAccepted(current);

    var issued = authority.activateRoot().issued();
    assertEquals(
        List.of("gateway", "nginx"),
        issued.stream().map(IssuedCertificate::role).sorted().toList());
    assertEquals(2, CaFixture.certificates(authority.trustFile()).size());
    fixture.assertAccepted(current);
    fixture.assertAccepted(old);
    assertTrue(root(current).contains("root 2"), "the new one comes from the new root");
    assertTrue(root(old).contains("root 1"));

    var early = assertThrows(CaException.class, () -> authority.retireRoot(false));
    assertTrue(early.getMessage().contains("still chain to root/1"), early.getMessage());
    fixture.clock.advance(Duration.ofHours(14));
    authority.rotateDue();
    fixture.clock.advance(Duration.ofHours(11));
    authority.retireRoot(false);
    assertEquals(1, CaFixture.certificates(authority.trustFile()).size());
    assertEquals(2, CaFixture.lists(authority.crlFile()).size());
    fixture.assertAccepted(current);
    assertFalse(Files.exists(fixture.directory.resolve("root/1/root.key")));
    assertFalse(Files.exists(fixture.directory.resolve("ca/1/ca.key")));
    authority.close();
    try (var again = fixture.open()) {
      assertEquals(2, again.issue(IdentityRequest.of("edge")).issuer());
    }
  }

  @Test
  void retire_byForce_endsTheTrustInWhatIsLeft() throws Exception {
    authority.issue(IdentityRequest.of("gateway"));
    Path old = authority.identityDirectory("gateway").toRealPath().resolve("tls.crt");
    authority.introduceRoot(CaFixture.ROOT_PASS);
    authority.activateRoot();
    fixture.assertAccepted(old);
    authority.retireRoot(true);
    assertTrue(fixture.pkix(old).isPresent());
    assertTrue(fixture.openssl(old).isPresent());
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
  }

  @Test
  void steps_inTheWrongOrder_areRefusedWithTheRightOne() {
    assertTrue(refusal(authority::activateRoot).contains("--root introduce"));
    assertTrue(refusal(() -> authority.retireRoot(false)).contains("--root activate"));
    assertTrue(refusal(() -> authority.retireRoot(true)).contains("--root activate"));
    authority.introduceRoot(CaFixture.ROOT_PASS);
    assertTrue(
        refusal(() -> authority.introduceRoot(CaFixture.ROOT_PASS)).contains("--root activate"));
    assertTrue(refusal(() -> authority.retireRoot(true)).contains("--root activate"));
    authority.activateRoot();
    assertTrue(
        refusal(() -> authority.introduceRoot(CaFixture.ROOT_PASS)).contains("--root retire"));
    assertTrue(refusal(authority::activateRoot).contains("--root introduce"));
  }

  @Test
  void rotateIntermediate_whileARootIsIntroduced_staysUnderTheOldOne() throws Exception {
    authority.issue(IdentityRequest.of("gateway"));
    authority.introduceRoot(CaFixture.ROOT_PASS);
    assertEquals(1, authority.rotateIntermediate(CaFixture.ROOT_PASS).parent());
    fixture.clock.advance(Duration.ofMinutes(2));
    assertEquals(3, authority.rotate("gateway").issuer());
    assertEquals(2, authority.activateRoot().issued().getFirst().issuer());
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    authority.retireRoot(true);
    authority.close();
    try (var again = fixture.open()) {
      assertEquals(2, again.rotate("gateway").issuer());
    }
  }

  private static String root(Path chain) throws Exception {
    return CaFixture.certificates(chain).getLast().getIssuerX500Principal().getName();
  }

  private static String refusal(Runnable step) {
    return String.valueOf(assertThrows(CaException.class, step::run).getMessage());
  }
}
