package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.TestSystem;
import io.portcullis.testing.Totp;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Who gets into the production realm with what, and what stands in the tokens then. Exactly that: a
 * claim more is personal data or a right that travels for nothing.
 */
final class RealmLoginIT {
  private static final String PASSWORD = "correct horse battery";
  private static final Set<String> ACCESS_CLAIMS =
      Set.of(
          "exp",
          "iat",
          "auth_time",
          "jti",
          "iss",
          "aud",
          "sub",
          "typ",
          "azp",
          "sid",
          "acr",
          "realm_access",
          "scope",
          "preferred_username",
          "organization");
  private static final Set<String> ID_CLAIMS =
      Set.of(
          "exp",
          "iat",
          "auth_time",
          "jti",
          "iss",
          "aud",
          "sub",
          "typ",
          "azp",
          "sid",
          "at_hash",
          "acr",
          "organization",
          "preferred_username");

  private static TestRealm realm;

  @BeforeAll
  static void make() {
    realm = TestRealm.named("login");
    realm.apply();
    var admin = TestSystem.shared().admin();
    admin.createUser("login", "paula", PASSWORD, "user", "ai-user");
    admin.createUser("login", "otto", PASSWORD, "operator");
    admin.createUser("login", "dora", PASSWORD, "user");
    admin.createUser("login", "nora", PASSWORD);
    admin.organization("login", "acme");
    admin.addMember("login", "acme", "paula");
    admin.addMember("login", "acme", "dora");
  }

  @AfterAll
  static void delete() {
    realm.close();
  }

  @Test
  void gatewayTokens_holdWhatTheGatewayReadsAndNoMore() {
    try (LoginPages pages = gateway()) {
      JsonObject tokens = pages.redeem(code(login(pages, "paula", "openid organization:acme", "")));
      JsonObject access = LoginPages.claims(tokens.getString("access_token"));
      assertEquals(ACCESS_CLAIMS, access.fieldNames());
      assertEquals("portcullis", access.getString("aud"));
      assertEquals("portcullis-gateway", access.getString("azp"));
      assertEquals("1", access.getString("acr"));
      assertEquals(
          Set.of("user", "ai-user"), Things.texts(access.getJsonObject("realm_access"), "roles"));
      assertEquals(
          Set.of("id"), access.getJsonObject("organization").getJsonObject("acme").fieldNames());
      JsonObject id = LoginPages.claims(tokens.getString("id_token"));
      assertEquals(ID_CLAIMS, id.fieldNames());
    }
  }

  @Test
  void names_comeOnRequestAndOnlyIntoTheIdToken() {
    try (LoginPages pages = gateway()) {
      JsonObject tokens =
          pages.redeem(code(login(pages, "paula", "openid profile organization:acme", "")));
      JsonObject access = LoginPages.claims(tokens.getString("access_token"));
      assertEquals(ACCESS_CLAIMS, access.fieldNames());
      JsonObject id = LoginPages.claims(tokens.getString("id_token"));
      assertTrue(id.containsKey("given_name"));
      String refused = pages.begin("openid email", "");
      assertTrue(refused.contains("error=invalid_scope"), refused);
    }
  }

  @Test
  void operator_setsUpASecondFactorBeforeGettingIn() {
    try (LoginPages pages = gateway()) {
      String page = login(pages, "otto", "openid", "");
      assertTrue(page.contains("name=\"totpSecret\""), page);
      Totp totp = pages.offered();
      JsonObject tokens = pages.redeem(code(pages.enrol(totp)));
      JsonObject access = LoginPages.claims(tokens.getString("access_token"));
      assertEquals("2", access.getString("acr"));
      assertEquals(Set.of("operator"), Things.texts(access.getJsonObject("realm_access"), "roles"));
      assertFalse(access.containsKey("resource_access"));
      try (LoginPages again = gateway()) {
        String asked = login(again, "otto", "openid", "");
        assertTrue(asked.contains("name=\"otp\""), asked);
        String refused = again.submit(Map.of("otp", "000000"));
        assertTrue(refused.contains("name=\"otp\""), refused);
        JsonObject second = again.redeem(code(again.submit(Map.of("otp", totp.next()))));
        assertEquals("2", LoginPages.claims(second.getString("access_token")).getString("acr"));
        assertTrue(again.begin("openid", "2").startsWith("code:"), "level 2 was reached already");
      }
    }
  }

  @Test
  void stepUp_asksForTheSecondFactorOnly() {
    try (LoginPages pages = gateway()) {
      String first = code(login(pages, "dora", "openid", ""));
      assertEquals("1", acr(pages, first));
      assertEquals("1", acr(pages, code(pages.begin("openid", ""))), "the session is enough");
      String page = pages.begin("openid", "2");
      assertTrue(page.contains("name=\"totpSecret\""), page);
      Totp totp = pages.offered();
      assertEquals("2", acr(pages, code(pages.enrol(totp))));
      try (LoginPages again = gateway()) {
        assertEquals("1", acr(again, code(login(again, "dora", "openid", ""))));
        String asked = again.begin("openid", "2");
        assertTrue(asked.contains("name=\"otp\""), asked);
        assertFalse(asked.contains("name=\"password\""), asked);
        assertEquals("2", acr(again, code(again.submit(Map.of("otp", totp.next())))));
      }
    }
  }

  /** The cookie does not let in by itself where an organization is asked for; nor does less. */
  @Test
  void member_whoIsKnown_comesBackWithoutAFormAtTheLevelShown() {
    for (String scope : new String[] {"openid organization:acme", "openid organization"}) {
      try (LoginPages pages = gateway()) {
        JsonObject first = pages.redeem(code(login(pages, "paula", scope, "")));
        JsonObject again = pages.redeem(code(pages.begin(scope, "")));
        JsonObject access = LoginPages.claims(again.getString("access_token"));
        assertEquals(Set.of("acme"), access.getJsonObject("organization").fieldNames());
        assertEquals("1", access.getString("acr"));
        assertEquals(
            LoginPages.claims(first.getString("access_token")).getString("sid"),
            access.getString("sid"));
        String stronger = pages.begin(scope, "2");
        assertTrue(stronger.contains("name=\"totpSecret\""), stronger);
        String anew = pages.begin(scope, "", Map.of("prompt", "login"));
        assertTrue(anew.contains("name=\"password\""), anew);
        String wrong = pages.submit(Map.of("username", "paula", "password", "wrong"));
        assertTrue(wrong.contains("name=\"password\""), wrong);
      }
    }
    try (LoginPages pages = gateway()) {
      String page = pages.begin("openid organization:acme", "");
      assertTrue(page.contains("name=\"password\""), "name and password on one page: " + page);
    }
  }

  /** Keycloak leaves out whole scopes, which must not cost those without a role their audience. */
  @Test
  void nobodyInParticular_getsATokenForTheApiWithoutRoles() {
    try (LoginPages pages = gateway()) {
      JsonObject tokens = pages.redeem(code(login(pages, "nora", "openid", "")));
      JsonObject access = LoginPages.claims(tokens.getString("access_token"));
      assertEquals("portcullis", access.getString("aud"));
      assertEquals("nora", access.getString("preferred_username"));
      assertFalse(access.containsKey("realm_access"));
    }
  }

  @Test
  void console_asksEverybodyForASecondFactor() {
    URI issuer = URI.create(TestSystem.shared().keycloak() + "/realms/login");
    try (LoginPages pages =
        new LoginPages(issuer, "portcullis-console", "", "https://console.example.test/console")) {
      String page = login(pages, "nora", "openid", "");
      assertTrue(page.contains("name=\"totpSecret\""), page);
    }
  }

  @Test
  void passwordGrants_areRefused() {
    try (LoginPages pages = gateway()) {
      for (String client : new String[] {"portcullis-gateway", "admin-cli"}) {
        JsonObject answer =
            new JsonObject(
                pages.post(
                    "token",
                    Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "client_secret",
                        secret(),
                        "username",
                        "paula",
                        "password",
                        PASSWORD)));
        assertTrue(answer.containsKey("error"), answer.encode());
      }
    }
  }

  @Test
  void serviceAccounts_haveTheirRolesAndNothingOfKeycloak() {
    try (LoginPages pages = gateway()) {
      JsonObject ops = service(pages, "portcullis-ops", "of-the-test-OPS_CLIENT_SECRET");
      assertEquals(Set.of("operator"), Things.texts(ops.getJsonObject("realm_access"), "roles"));
      assertEquals(
          "{\"portcullis\":{\"roles\":[\"service\"]}}",
          ops.getJsonObject("resource_access").encode());
      assertEquals("portcullis", ops.getString("aud"));
      JsonObject admin = service(pages, "portcullis-admin", "of-the-test-KEYCLOAK_SECRET");
      assertFalse(admin.containsKey("aud") && admin.getString("aud").contains("portcullis"));
      assertEquals(
          Set.of("manage-organizations", "view-users", "query-groups", "query-users"),
          Things.texts(
              admin.getJsonObject("resource_access").getJsonObject("realm-management"), "roles"));
    }
  }

  @Test
  void developmentTokens_holdNoMore() {
    String token = TestSystem.shared().token("alice", "alice", "");
    JsonObject access = LoginPages.claims(token);
    assertTrue(ACCESS_CLAIMS.containsAll(access.fieldNames()), access.encode());
    assertEquals(
        Set.of("user", "ai-user"), Things.texts(access.getJsonObject("realm_access"), "roles"));
  }

  @Test
  void dpopClient_getsNothingWithoutAProof() {
    try (LoginPages pages = development("portcullis-dpop", "/")) {
      String answer =
          pages.post(
              "token",
              Map.of(
                  "grant_type", "password",
                  "client_id", "portcullis-dpop",
                  "username", "alice",
                  "password", "alice"));
      assertTrue(answer.contains("DPoP proof is missing"), answer);
    }
  }

  /** There people see their sessions and end them, which the gateway then hears. */
  @Test
  void accountConsole_servesPeople() throws Exception {
    String account = "/realms/portcullis/account/";
    try (LoginPages pages = development("account-console", account)) {
      pages.begin("openid", "");
      String code = code(pages.submit(Map.of("username", "alice", "password", "alice")));
      String token = pages.redeem(code).getString("access_token");
      HttpRequest request =
          HttpRequest.newBuilder(
                  TestSystem.shared().keycloak().resolve(account + "sessions/devices"))
              .header("authorization", "Bearer " + token)
              .header("accept", "application/json")
              .build();
      try (HttpClient http = HttpClient.newHttpClient()) {
        assertEquals(200, http.send(request, BodyHandlers.discarding()).statusCode());
      }
    }
  }

  private static LoginPages development(String client, String redirect) {
    URI keycloak = TestSystem.shared().keycloak();
    URI issuer = URI.create(TestSystem.shared().issuer());
    return new LoginPages(issuer, client, "", keycloak.resolve(redirect).toString());
  }

  private static JsonObject service(LoginPages pages, String client, String secret) {
    String answer =
        pages.post(
            "token",
            Map.of(
                "grant_type", "client_credentials",
                "client_id", client,
                "client_secret", secret));
    return LoginPages.claims(new JsonObject(answer).getString("access_token"));
  }

  private static String secret() {
    return TestRealm.variables().getOrDefault("PORTCULLIS_LOGIN_CLIENT_SECRET", "");
  }

  private static LoginPages gateway() {
    URI issuer = URI.create(TestSystem.shared().keycloak() + "/realms/login");
    return new LoginPages(
        issuer, "portcullis-gateway", secret(), "https://api.example.test/auth/callback");
  }

  private static String login(LoginPages pages, String user, String scope, String acr) {
    pages.begin(scope, acr);
    return pages.submit(Map.of("username", user, "password", PASSWORD));
  }

  private static String code(String page) {
    assertTrue(page.startsWith("code:"), page);
    return page.substring("code:".length());
  }

  private static String acr(LoginPages pages, String code) {
    return LoginPages.claims(pages.redeem(code).getString("access_token")).getString("acr");
  }
}
