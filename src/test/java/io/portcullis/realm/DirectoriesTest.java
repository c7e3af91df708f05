package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalRealm;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nobody's password passes a network in clear text. */
class DirectoriesTest {
  @Test
  void address_withTls_orOnThisMachine_isTaken() {
    assertDoesNotThrow(() -> Directories.check(new JsonObject()));
    assertDoesNotThrow(() -> Directories.check(realm("ldaps://a.example.com", "false")));
    assertDoesNotThrow(() -> Directories.check(realm("ldap://a.example.com", "true")));
    assertDoesNotThrow(() -> Directories.check(realm("ldap://127.0.0.1:389", "false")));
    assertDoesNotThrow(() -> Directories.check(realm("ldap://[::1]:389", "false")));
  }

  @Test
  void address_withoutTls_isRefusedByName() {
    for (String address :
        List.of(
            "ldap://a.example.com",
            "ldap://127.0.0.1.example.com",
            "ldap://localhost@a.example.com",
            "ldaps://a.example.com ldap://b.example.com",
            "ldap:///",
            "a.example.com")) {
      RealmException refused =
          assertThrows(
              RealmException.class, () -> Directories.check(realm(address, "false")), address);
      assertTrue(String.valueOf(refused.getMessage()).contains("START_TLS"), address);
    }
  }

  @Test
  void directory_namedByAFile_isPartOfTheRealm() {
    Map<String, String> byFile = Map.of("PORTCULLIS_LDAP_URL_FILE", "conf/portcullis.yaml");
    List<Path> files = LocalRealm.files(Path.of(""), false, byFile);
    assertEquals("ldap.json", files.getLast().getFileName().toString());
  }

  private static JsonObject realm(String address, String startTls) {
    JsonObject config =
        new JsonObject()
            .put("connectionUrl", new JsonArray().add(address))
            .put("startTls", new JsonArray().add(startTls));
    JsonArray providers = new JsonArray().add(new JsonObject().put("config", config));
    return new JsonObject()
        .put(
            "components",
            new JsonObject().put("org.keycloak.storage.UserStorageProvider", providers));
  }
}
