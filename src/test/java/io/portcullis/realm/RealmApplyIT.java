package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.TestSystem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The production realm in a real Keycloak: what drifts is told and repaired, what does not, not.
 */
final class RealmApplyIT {
  private static TestRealm realm;

  @BeforeAll
  static void makeRealm() {
    realm = TestRealm.named("apply", "ldap.json");
    assertEquals(List.of("realm: not there → there"), realm.check());
    List<String> told = realm.apply();
    assertEquals("realm: not there → there", told.getFirst());
    for (String line : told.subList(1, told.size())) {
      assertTrue(line.startsWith("clients/account-console/"), "the import leaves this: " + line);
    }
  }

  @AfterAll
  static void deleteRealm() {
    realm.close();
  }

  @Test
  void emptyRealm_becomesTheWhole() {
    try (TestRealm empty = TestRealm.named("apply-empty", "ldap.json")) {
      empty.makeEmpty();
      List<String> told = empty.check();
      assertTrue(told.contains("clients/portcullis-gateway: not there → there"), () -> "" + told);
      assertEquals("browser", empty.object("").getString("browserFlow"), "a check changes nothing");
      empty.apply();
      assertEquals(List.of(), empty.apply());
      assertEquals("portcullis browser", empty.object("").getString("browserFlow"));
    }
  }

  /** Each line is told by a check and by the repair; afterwards nothing differs. */
  @Test
  void driftOfEveryKind_isToldAndRepaired() {
    List<String> expected = new ArrayList<>();
    expected.addAll(settings());
    expected.addAll(rolesAndGroups());
    expected.addAll(scopes());
    expected.addAll(clients());
    expected.addAll(flows());
    expected.addAll(actionsComponentsAndProfile());
    List<String> checked = realm.check();
    List<String> told = realm.apply();
    for (String line : expected) {
      assertTrue(checked.stream().anyMatch(drift -> drift.startsWith(line)), line + checked);
      assertTrue(told.stream().anyMatch(drift -> drift.startsWith(line)), line + told);
    }
    assertTrue(told.stream().noneMatch(line -> line.contains("stolen")), () -> "" + told);
    assertEquals(List.of(), realm.apply());
  }

  @Test
  void waysRoundTheSecondFactor_areTold() {
    String client = realm.client("account-console");
    JsonObject bound = realm.object(client);
    String flow = realm.named("/authentication/flows", "alias", "direct grant").getString("id");
    bound.put("authenticationFlowBindingOverrides", new JsonObject().put("browser", flow));
    realm.call("PUT", client, bound.encode());
    realm.call(
        "POST",
        "/identity-provider/instances",
        """
        {"alias": "stranger", "providerId": "oidc", "config": {"clientId": "a",
         "authorizationUrl": "https://a.example.com/a", "tokenUrl": "https://a.example.com/t"}}
        """);
    String path = "clients/account-console/authenticationFlowBindingOverrides/browser: ";
    String stranger = "identityProviders/stranger: there → not there";
    List<String> told = realm.apply();
    assertTrue(told.stream().anyMatch(line -> line.startsWith(path)), () -> "" + told);
    assertEquals(List.of(stranger), realm.check(), "told again: it is not ours to take away");
    realm.call("DELETE", "/identity-provider/instances/stranger", "");
    assertEquals(List.of(), realm.check());
  }

  /** Who brought a key of his own can sign tokens of anybody. */
  @Test
  void keysAndDirectoriesOfStrangers_areTold() throws Exception {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    String key =
        Base64.getMimeEncoder().encodeToString(keys.generateKeyPair().getPrivate().getEncoded());
    String pem = "-----BEGIN PRIVATE KEY-----\n" + key + "\n-----END PRIVATE KEY-----\n";
    JsonObject rsa = component("stranger", "org.keycloak.keys.KeyProvider", "rsa");
    rsa.getJsonObject("config").put("privateKey", new JsonArray().add(pem));
    JsonObject ldap = component("other", "org.keycloak.storage.UserStorageProvider", "ldap");
    Map.of(
            "editMode",
            "READ_ONLY",
            "connectionUrl",
            "ldap://127.0.0.1:1",
            "usersDn",
            "ou=a",
            "enabled",
            "false",
            "usernameLDAPAttribute",
            "uid",
            "rdnLDAPAttribute",
            "uid",
            "uuidLDAPAttribute",
            "entryUUID",
            "userObjectClasses",
            "person",
            "authType",
            "none")
        .forEach(
            (name, value) -> ldap.getJsonObject("config").put(name, new JsonArray().add(value)));
    realm.call("POST", "/components", rsa.encode());
    realm.call("POST", "/components", ldap.encode());
    assertEquals(
        List.of("keys/stranger: there → not there", "components/other: there → not there"),
        realm.apply());
    assertEquals(2, realm.check().size(), "told again: they are not ours to take away");
    for (String name : List.of("stranger", "other")) {
      String id = realm.named("/components", "name", name).getString("id");
      realm.call("DELETE", "/components/" + id, "");
    }
    assertEquals(List.of(), realm.check());
  }

  private static JsonObject component(String name, String type, String provider) {
    return new JsonObject()
        .put("name", name)
        .put("providerType", type)
        .put("providerId", provider)
        .put("config", new JsonObject());
  }

  private static List<String> settings() {
    realm.call(
        "PUT",
        "",
        """
        {"passwordPolicy": "length(4)", "bruteForceProtected": false, "browserFlow": "browser",
         "attributes": {"acr.loa.map": "{}"}}
        """);
    return List.of(
        "realm/passwordPolicy: length(4) → length(12) and",
        "realm/bruteForceProtected: false → true",
        "realm/browserFlow: browser → portcullis browser",
        "realm/attributes/acr.loa.map: ");
  }

  private static List<String> rolesAndGroups() {
    realm.call("DELETE", "/roles/auditor", "");
    JsonArray operator = new JsonArray().add(realm.object("/roles/operator"));
    realm.call("POST", "/roles/user/composites", operator.encode());
    String users = "/groups/" + realm.named("/groups", "name", "users").getString("id");
    realm.call("POST", users + "/role-mappings/realm", operator.encode());
    realm.call(
        "DELETE", "/groups/" + realm.named("/groups", "name", "ai-users").getString("id"), "");
    String everybody = realm.object("").getJsonObject("defaultRole").getString("name");
    realm.call("POST", "/roles/" + everybody + "/composites", operator.encode());
    return List.of(
        "roles/" + everybody + "/composites/operator: there → not there",
        "roles/auditor: not there → there",
        "roles/user/composites/operator: there → not there",
        "groups/users/operator: there → not there",
        "groups/ai-users: not there → there",
        "groups/auditors/auditor: not there → there");
  }

  private static List<String> scopes() {
    JsonObject scope = realm.named("/client-scopes", "name", "portcullis");
    String path = "/client-scopes/" + scope.getString("id");
    String models = path + "/protocol-mappers/models";
    JsonObject audience = realm.named(models, "name", "audience");
    audience.getJsonObject("config").put("included.client.audience", "account");
    realm.call("PUT", models + "/" + audience.getString("id"), audience.encode());
    JsonObject leak = new JsonObject();
    for (JsonObject mapper :
        Things.objects(realm.named("/client-scopes", "name", "email"), "protocolMappers")) {
      leak.mergeIn(mapper);
    }
    leak.remove("id");
    realm.call("POST", models, leak.put("name", "leak").encode());
    realm.call("PUT", path, scope.put("description", "Other").encode());
    return List.of(
        "clientScopes/portcullis/protocolMappers/audience/config/included.client.audience:"
            + " account → portcullis",
        "clientScopes/portcullis/protocolMappers/leak: there → not there",
        "clientScopes/portcullis/description: Other → ");
  }

  private static List<String> clients() {
    String path = realm.client("portcullis-gateway");
    JsonObject client = realm.object(path);
    client.getJsonArray("redirectUris").add("https://evil.test/*");
    client.put("secret", "stolen").put("directAccessGrantsEnabled", true);
    client.getJsonObject("attributes").put("pkce.code.challenge.method", "");
    realm.call("PUT", path, client.encode());
    String email = realm.named("/client-scopes", "name", "email").getString("id");
    realm.call("PUT", path + "/default-client-scopes/" + email, "{}");
    realm.call("DELETE", realm.client("portcullis-console"), "");
    String ai =
        realm.object(realm.client("portcullis-ai") + "/service-account-user").getString("id");
    JsonArray operator = new JsonArray().add(realm.object("/roles/operator"));
    realm.call("POST", "/users/" + ai + "/role-mappings/realm", operator.encode());
    return List.of(
        "clients/portcullis-gateway/redirectUris: [",
        "clients/portcullis-gateway/secret: *** → ***",
        "clients/portcullis-gateway/directAccessGrantsEnabled: true → false",
        "clients/portcullis-gateway/attributes/pkce.code.challenge.method: ",
        "clients/portcullis-gateway/defaultClientScopes/email: there → not there",
        "clients/portcullis-console: not there → there",
        "users/service-account-portcullis-ai/operator: there → not there");
  }

  private static List<String> flows() {
    String executions = "/authentication/flows/portcullis%20browser/executions";
    JsonObject factor = realm.named(executions, "displayName", "portcullis second factor");
    realm.call("PUT", executions, factor.put("requirement", "DISABLED").encode());
    String enough =
        realm.named(executions, "displayName", "portcullis one factor is enough").getString("id");
    realm.call("DELETE", "/authentication/executions/" + enough, "");
    realm.call(
        "POST",
        "/authentication/flows/portcullis%20forms/executions/execution",
        "{\"provider\": \"allow-access-authenticator\"}");
    String level =
        realm.named(executions, "alias", "portcullis level 2").getString("authenticationConfig");
    JsonObject config = realm.object("/authentication/config/" + level);
    config.getJsonObject("config").put("loa-max-age", "99999");
    realm.call("PUT", "/authentication/config/" + level, config.encode());
    String forms = "authenticationFlows/portcullis browser/portcullis forms/";
    return List.of(
        forms + "portcullis second factor/requirement: DISABLED → CONDITIONAL",
        forms + "portcullis one factor is enough: not there → there",
        forms + "allow-access-authenticator: there → not there",
        forms
            + "portcullis second factor/conditional-level-of-authentication/config/config/"
            + "loa-max-age: 99999 → 3600");
  }

  private static List<String> actionsComponentsAndProfile() {
    JsonObject action = realm.named("/authentication/required-actions", "alias", "CONFIGURE_TOTP");
    realm.call(
        "PUT",
        "/authentication/required-actions/CONFIGURE_TOTP",
        action.put("enabled", false).encode());
    JsonObject directory = realm.named("/components", "name", "directory");
    directory.getJsonObject("config").put("editMode", new JsonArray().add("WRITABLE"));
    realm.call("PUT", "/components/" + directory.getString("id"), directory.encode());
    JsonObject groups =
        realm.named("/components?parent=" + directory.getString("id"), "name", "groups");
    realm.call("DELETE", "/components/" + groups.getString("id"), "");
    JsonObject profile = realm.object("/users/profile");
    profile.put("unmanagedAttributePolicy", "ENABLED");
    profile.getJsonArray("attributes").getJsonObject(1).remove("required");
    realm.call("PUT", "/users/profile", profile.encode());
    return List.of(
        "requiredActions/CONFIGURE_TOTP/enabled: false → true",
        "components/directory/config/editMode: [WRITABLE] → [READ_ONLY]",
        "components/directory/groups: not there → there",
        "userProfile/attributes/email/required/roles: ");
  }

  @Test
  void wrongPassword_isRefusedInOneLine() {
    try (RealmApply stranger =
        new RealmApply(
            TestSystem.shared().keycloak(), AdminLogin.person("master", "admin", "guess"))) {
      RealmException failure =
          assertThrows(RealmException.class, () -> stranger.check(realm.data, drift -> {}));
      assertTrue(
          String.valueOf(failure.getMessage())
              .endsWith("refuses admin of the realm master: Invalid user credentials"),
          String.valueOf(failure.getMessage()));
    }
  }
}
