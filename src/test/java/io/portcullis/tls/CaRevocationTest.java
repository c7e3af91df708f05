package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Revocation: in the list that Nginx reads, and on the deny list that the gateway reads. */
class CaRevocationTest {
  private final CaFixture fixture;
  private final CertificateAuthority authority;

  CaRevocationTest(@TempDir Path folder) {
    fixture = new CaFixture(folder);
    authority = fixture.init();
  }

  @AfterEach
  void close() {
    authority.close();
  }

  @Test
  void revoke_bySerial_isSeenByJdkOpensslAndDenyList() throws Exception {
    var issued = authority.issue(IdentityRequest.of("gateway"));
    authority.issue(IdentityRequest.of("nginx"));
    Path chain = authority.identityDirectory("gateway").resolve("tls.crt");
    fixture.assertAccepted(chain);
    var done = authority.revoke(issued.serial(), RevocationReason.KEY_COMPROMISE);
    assertEquals(List.of(issued.serial()), serials(done.revoked()));
    assertEquals(Optional.empty(), done.successor());
    assertEquals(Optional.of("REVOKED"), fixture.pkix(chain));
    assertTrue(fixture.openssl(chain).orElse("").contains("certificate revoked"));
    fixture.assertAccepted(authority.identityDirectory("nginx").resolve("tls.crt"));
    JsonObject denied = denied().getJsonObject(0);
    assertEquals(Set.of("serial", "until", "role", "reason"), denied.fieldNames());
    assertEquals(issued.serial(), denied.getString("serial"));
    assertEquals(issued.notAfter().toString(), denied.getString("until"));
    assertEquals("gateway", denied.getString("role"));
    assertEquals("key-compromise", denied.getString("reason"));
  }

  @Test
  void revoke_byRole_takesAllThatHaveNotExpired() {
    var first = authority.issue(IdentityRequest.of("gateway"));
    var second = authority.issue(IdentityRequest.of("gateway"));
    var done = authority.revoke("gateway", RevocationReason.CESSATION_OF_OPERATION);
    assertEquals(List.of(first.serial(), second.serial()), serials(done.revoked()));
    fixture.clock.advance(Duration.ofHours(13));
    assertEquals(List.of(), authority.rotateDue().issued(), "a revoked role is not rotated");
    assertThrows(CaException.class, () -> authority.rotate("gateway"));
  }

  @Test
  void revoke_withReissue_leavesTheRoleWithANewOneThatIsAccepted() throws Exception {
    var old =
        authority.issue(IdentityRequest.of("gateway").withDns("localhost").withIp("127.0.0.1"));
    Path before = authority.identityDirectory("gateway").toRealPath().resolve("tls.crt");
    var done = authority.revoke("gateway", RevocationReason.KEY_COMPROMISE, true);
    assertEquals(List.of(old.serial()), serials(done.revoked()));
    assertEquals(old.dns(), done.successor().orElseThrow().dns());
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    assertEquals(Optional.of("REVOKED"), fixture.pkix(before));
  }

  @Test
  void revoke_whatIsNotThere_isRefusedAndChangesNothing() throws Exception {
    var issued = authority.issue(IdentityRequest.of("gateway"));
    for (String wrong : List.of("nobody", "00", "", "../gateway", "gateway\n")) {
      assertThrows(
          CaException.class, () -> authority.revoke(wrong, RevocationReason.UNSPECIFIED), wrong);
    }
    assertEquals(0, denied().size());
    authority.revoke(issued.serial(), RevocationReason.UNSPECIFIED);
    var twice =
        assertThrows(
            CaException.class,
            () -> authority.revoke(issued.serial(), RevocationReason.UNSPECIFIED));
    assertTrue(twice.getMessage().contains("already"), twice.getMessage());
  }

  @Test
  void revoke_serialAsOpensslPrintsIt_isUnderstood() throws Exception {
    var issued = authority.issue(IdentityRequest.of("gateway"));
    String colons =
        issued.serial().toUpperCase(java.util.Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
    assertEquals(1, authority.revoke(colons, RevocationReason.UNSPECIFIED).revoked().size());
  }

  @Test
  void denied_afterTheEnd_isDroppedAndTheCrlKeepsItForOneList() throws Exception {
    authority.issue(IdentityRequest.of("gateway").withLife(Duration.ofHours(1)));
    authority.revoke("gateway", RevocationReason.KEY_COMPROMISE);
    assertEquals(1, denied().size());
    fixture.clock.advance(Duration.ofHours(2));
    authority.rotateDue();
    assertEquals(0, denied().size());
    assertEquals(1, authority.list().certificates().size());
    fixture.clock.advance(Duration.ofDays(8));
    authority.rotateDue();
    assertEquals(0, authority.list().certificates().size());
  }

  @Test
  void revokeIntermediate_withASettledSuccessor_endsTheTrustInAllThatItIssued() throws Exception {
    authority.issue(IdentityRequest.of("gateway"));
    Path before = authority.identityDirectory("gateway").toRealPath().resolve("tls.crt");
    var alone =
        assertThrows(CaException.class, () -> authority.revokeIntermediate(1, CaFixture.ROOT_PASS));
    assertTrue(alone.getMessage().contains("rotate --intermediate"), alone.getMessage());
    fixture.assertAccepted(before);
    authority.rotateIntermediate(CaFixture.ROOT_PASS);
    assertThrows(CaException.class, () -> authority.revokeIntermediate(1, CaFixture.ROOT_PASS));
    fixture.clock.advance(Duration.ofMinutes(1));
    assertEquals(1, authority.revokeIntermediate(1, CaFixture.ROOT_PASS).revoked().size());
    assertEquals(Optional.of("REVOKED"), fixture.pkix(before));
    assertTrue(fixture.openssl(before).orElse("").contains("certificate revoked"));
    fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    assertEquals(2, denied().size(), "the intermediate and what it issued");
    assertThrows(CaException.class, () -> authority.revokeIntermediate(1, CaFixture.ROOT_PASS));
    assertThrows(CaException.class, () -> authority.revokeIntermediate(7, CaFixture.ROOT_PASS));
    fixture.clock.advance(Duration.ofDays(9));
    authority.rotateDue();
    assertTrue(fixture.pkix(authority.identityDirectory("gateway").resolve("tls.crt")).isEmpty());
    assertEquals(1, denied().size(), "the intermediate is denied until its own end");
  }

  private JsonArray denied() throws Exception {
    JsonObject json = new JsonObject(Files.readString(authority.deniedFile()));
    assertEquals(1, json.getInteger("version"));
    return json.getJsonArray("denied");
  }

  private static List<String> serials(List<IssuedCertificate> all) {
    return all.stream().map(IssuedCertificate::serial).toList();
  }
}
