package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys at rest: modes, encryption, and what a crash or a stranger leaves. */
class CaStorageTest {
  private final CaFixture fixture;

  CaStorageTest(@TempDir Path folder) {
    fixture = new CaFixture(folder);
  }

  @Test
  void files_ofEverything_areTheOwnersAlone() throws Exception {
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway"));
      authority.revoke("gateway", RevocationReason.SUPERSEDED, true);
      authority.introduceRoot(CaFixture.ROOT_PASS);
    }
    List<String> wrong = new ArrayList<>();
    try (var all = Files.walk(fixture.directory)) {
      for (Path path : all.filter(one -> !Files.isSymbolicLink(one)).toList()) {
        String mode =
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
        String expected = Files.isDirectory(path) ? "rwx------" : "rw-------";
        if (!mode.equals(expected)) {
          wrong.add(path + " " + mode);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void keys_ofTheAuthority_areReadByOpensslWithTheRightPassphraseAlone() throws Exception {
    fixture.init().close();
    String ca = fixture.directory.resolve("ca/1/ca.key").toString();
    String root = fixture.directory.resolve("root/1/root.key").toString();
    assertTrue(pkey(ca, CaFixture.CA_PASS).text().contains("BEGIN PRIVATE KEY"));
    assertTrue(pkey(root, CaFixture.ROOT_PASS).text().contains("BEGIN PRIVATE KEY"));
    assertFalse(pkey(root, CaFixture.CA_PASS).code() == 0);
    assertTrue(Files.readString(Path.of(ca)).startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    String form = CaFixture.run("openssl", "asn1parse", "-i", "-in", ca).text();
    for (String part :
        List.of("PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", ":0927C0")) { // 600,000
      assertTrue(form.contains(part), part + " in\n" + form);
    }
  }

  @Test
  void key_ofAnIdentity_fitsItsCertificate() throws Exception {
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway"));
      Path folder = authority.identityDirectory("gateway");
      String key =
          CaFixture.run("openssl", "pkey", "-pubout", "-in", folder.resolve("tls.key").toString())
              .text();
      String certificate =
          CaFixture.run(
                  "openssl",
                  "x509",
                  "-noout",
                  "-pubkey",
                  "-in",
                  folder.resolve("tls.crt").toString())
              .text();
      assertEquals(certificate, key);
    }
  }

  @Test
  void open_wrongPassphrase_namesTheFileAndNothingSecret() {
    fixture.init().close();
    char[] wrong = "some other passphrase".toCharArray();
    var refused =
        assertThrows(
            CaException.class,
            () -> CertificateAuthority.open(fixture.directory, wrong, fixture.clock));
    assertEquals(
        "wrong passphrase for " + fixture.directory.resolve("ca/1/ca.key"), refused.getMessage());
    var stack = new StringWriter();
    refused.printStackTrace(new PrintWriter(stack));
    assertFalse(stack.toString().contains(String.valueOf(wrong)));
    assertFalse(stack.toString().contains(String.valueOf(CaFixture.CA_PASS)));
  }

  @Test
  void open_whatOthersMayRead_isRefusedByName() throws Exception {
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway"));
    }
    for (String path :
        List.of(
            "",
            "root",
            "ca",
            "identities",
            "tickets",
            "ca.json",
            "ca/1/ca.key",
            "identities/gateway/current/tls.key")) {
      Path wide = fixture.directory.resolve(path);
      var before = Files.getPosixFilePermissions(wide);
      for (String mode : List.of("r--", "-w-", "--x")) {
        Files.setPosixFilePermissions(wide, PosixFilePermissions.fromString("rwx" + mode + "---"));
        var refused = assertThrows(CaException.class, fixture::open, path + " " + mode);
        assertTrue(refused.getMessage().contains("open to others"), refused.getMessage());
      }
      Files.setPosixFilePermissions(wide, before);
    }
    fixture.open().close();
  }

  @Test
  void open_damagedFiles_isRefusedByName() throws Exception {
    fixture.init().close();
    Path state = fixture.directory.resolve("ca.json");
    String good = Files.readString(state);
    for (String bad :
        List.of(
            "",
            "{",
            "[]",
            "{}",
            good.replace("\"version\" : 1", "\"version\" : 2"),
            good.replace("BEGIN CERTIFICATE", "BEGIN NOTHING"),
            good.replace("\"phase\"", "\"x\""),
            good.substring(0, good.length() / 2))) {
      Files.writeString(state, bad);
      var refused = assertThrows(CaException.class, fixture::open);
      assertTrue(refused.getMessage().startsWith(state + " is damaged"), refused.getMessage());
      assertFalse(refused.getMessage().contains("\n"), refused.getMessage());
    }
    Files.writeString(state, good);
    Path key = fixture.directory.resolve("ca/1/ca.key");
    String sealed = Files.readString(key);
    for (String bad : List.of("", "nonsense", sealed.substring(0, 100))) {
      Files.writeString(key, bad);
      var refused = assertThrows(CaException.class, fixture::open);
      assertTrue(refused.getMessage().startsWith(key + " is damaged"), refused.getMessage());
    }
    KeyFile.write(key, KeyFile.generate().getPrivate(), CaFixture.CA_PASS);
    var refused = assertThrows(CaException.class, fixture::open);
    assertTrue(refused.getMessage().contains("is not the key of"), refused.getMessage());
  }

  @Test
  void open_afterACrash_mendsWhatIsHalfDone() throws Exception {
    String serial;
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway"));
      serial = authority.issue(IdentityRequest.of("gateway")).serial();
    }
    Path role = fixture.directory.resolve("identities/gateway");
    // As if the last write had stopped before the link, a file, the lists and the next authority.
    Files.delete(role.resolve("current"));
    Files.createSymbolicLink(role.resolve("current"), Path.of("gone"));
    Files.createDirectory(role.resolve("0123abcd"));
    Files.writeString(role.resolve("0123abcd/tls.key"), "half");
    Files.writeString(fixture.directory.resolve(".draft-ca.json-00"), "{");
    Files.writeString(role.resolve(serial).resolve(".draft-tls.crt-00"), "half");
    Files.createDirectory(fixture.directory.resolve("ca/2"));
    Files.writeString(fixture.directory.resolve("ca/2/ca.key"), "half");
    Files.delete(fixture.directory.resolve("crl.pem"));
    Files.delete(fixture.directory.resolve("trust.pem"));
    Files.writeString(fixture.directory.resolve("denied.json"), "{\"version\":1,");
    try (var authority = fixture.open()) {
      assertEquals(serial, fixture.leaf("gateway").getSerialNumber().toString(16));
      fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
      assertTrue(Files.readString(authority.deniedFile()).contains("\"denied\""));
      authority.rotateIntermediate(CaFixture.ROOT_PASS);
    }
    try (var all = Files.walk(fixture.directory)) {
      assertEquals(
          List.of(), all.filter(path -> path.toString().matches(".*(draft-|0123abcd).*")).toList());
    }
  }

  @Test
  void init_afterACrash_startsAnew() throws Exception {
    Path draft = fixture.directory.resolveSibling(".certs.draft-init");
    PrivateFiles.folder(draft);
    Files.createDirectory(draft.resolve("root"));
    Files.writeString(draft.resolve("ca.json"), "{");
    fixture.init().close();
    assertFalse(Files.exists(draft));
    assertFalse(Files.readString(fixture.directory.resolve("ca.json")).equals("{"));
  }

  @Test
  void change_whileAnotherHoldsTheLock_isRefusedWhenPatienceEnds() throws Exception {
    fixture.init().close();
    try (var _ = CaLock.hold(fixture.directory, Duration.ofSeconds(1))) {
      var refused = new ArrayList<Throwable>();
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (var _ = CaLock.hold(fixture.directory, Duration.ofMillis(50))) {
                      refused.add(new AssertionError("two hold it"));
                    } catch (CaException | java.io.IOException e) {
                      refused.add(e);
                    }
                  });
      other.join(5000);
      assertTrue(
          String.valueOf(refused.getFirst().getMessage()).contains("another process"),
          refused::toString);
    }
    CaLock.hold(fixture.directory, Duration.ofMillis(50)).close();
  }

  private static CaFixture.Answer pkey(String file, char[] passphrase) throws Exception {
    return CaFixture.run(
        "openssl", "pkey", "-in", file, "-passin", "pass:" + String.valueOf(passphrase));
  }
}
