package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.TestSystem;
import io.portcullis.testing.Form;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the production realm refuses, tried at a running Keycloak: a release that is laxer by
 * default is noticed here.
 */
final class RealmRefusalsIT {
  private static final String REALM = "refusals";
  private static final String PASSWORD = "correct horse battery";
  private static final String CLIENT = "portcullis-gateway";
  private static final String SECRET =
      TestRealm.variables().getOrDefault("PORTCULLIS_LOGIN_CLIENT_SECRET", "");
  private static final String REDIRECT = "https://api.example.test/auth/callback";

  /** 43 characters of the right alphabet; nobody looks at what they say. */
  private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static TestRealm realm;

  @BeforeAll
  static void make() {
    realm = TestRealm.named(REALM);
    realm.apply();
    for (String user : List.of("twice", "gone", "deleted", "stays", "changes")) {
      TestSystem.shared().admin().createUser(REALM, user, PASSWORD, "user");
    }
  }

  @AfterAll
  static void delete() {
    realm.close();
    HTTP.shutdownNow();
  }

  @Test
  void code_usedTwice_costsTheTokensOfItsFirstUse() {
    try (LoginPages pages = gateway()) {
      String code = logIn(pages, "twice");
      String refresh = pages.redeem(code).getString("refresh_token");
      refresh = refreshed(pages, refresh).getString("refresh_token");
      String again =
          pages.post(
              "token",
              Map.of(
                  "grant_type", "authorization_code",
                  "client_id", CLIENT,
                  "client_secret", SECRET,
                  "code", code,
                  "redirect_uri", REDIRECT,
                  "code_verifier", "a-verifier-that-is-long-enough-for-the-rule-of-43-signs"));
      assertEquals("invalid_grant", new JsonObject(again).getString("error"), again);
      assertEquals("invalid_grant", refreshed(pages, refresh).getString("error"));
    }
  }

  @Test
  void person_disabledOrDeleted_getsNoFurtherTokens() {
    try (LoginPages first = gateway();
        LoginPages second = gateway()) {
      String disabled = first.redeem(logIn(first, "gone")).getString("refresh_token");
      String deleted = second.redeem(logIn(second, "deleted")).getString("refresh_token");
      var admin = TestSystem.shared().admin();
      realm.call("PUT", "/users/" + admin.userId(REALM, "gone"), "{\"enabled\":false}");
      admin.deleteUser(REALM, "deleted");
      assertEquals("invalid_grant", refreshed(first, disabled).getString("error"));
      assertEquals("invalid_grant", refreshed(second, deleted).getString("error"));
    }
  }

  @Test
  void password_changedWithTheWish_endsTheOtherSessions() {
    try (LoginPages here = gateway();
        LoginPages elsewhere = gateway()) {
      String other = elsewhere.redeem(logIn(elsewhere, "changes")).getString("refresh_token");
      String ours = here.redeem(logIn(here, "changes")).getString("refresh_token");
      String page = here.begin("openid", "", Map.of("kc_action", "UPDATE_PASSWORD"));
      assertTrue(page.contains("name=\"logout-sessions\""), page);
      String next = PASSWORD + " staple";
      code(
          here.submit(
              Map.of("password-new", next, "password-confirm", next, "logout-sessions", "on")));
      assertEquals("invalid_grant", refreshed(elsewhere, other).getString("error"));
      assertTrue(refreshed(here, ours).containsKey("access_token"));
    }
  }

  @Test
  void logout_withoutTheIdToken_asksFirst() {
    try (LoginPages pages = gateway()) {
      String refresh = pages.redeem(logIn(pages, "stays")).getString("refresh_token");
      String asked = pages.get("logout", Map.of("client_id", CLIENT));
      assertTrue(asked.contains("logout-confirm"), asked);
      String forged = pages.get("logout", Map.of("id_token_hint", "e30.e30.AAAA"));
      assertFalse(forged.contains("logged out"), forged);
      assertTrue(refreshed(pages, refresh).containsKey("access_token"));
      assertTrue(pages.begin("openid", "").startsWith("code:"), "still logged in");
    }
  }

  @Test
  void authorization_withoutPkceOrInThePlain_isRefused() {
    assertRefused("invalid_request", Map.of("response_type", "code"));
    assertRefused("invalid_request", pkce("plain"));
    assertEquals(200, authorize(REDIRECT, pkce("S256")).statusCode(), "the page of the login");
  }

  @Test
  void authorization_byAnotherFlow_isRefused() {
    for (String type : List.of("token", "id_token", "id_token token", "code id_token")) {
      Map<String, String> query = pkce("S256");
      query.put("response_type", type);
      query.put("nonce", "n-1");
      assertRefused("unauthorized_client", query);
    }
  }

  @Test
  void authorization_toAnotherAddress_leadsNowhere() {
    for (String address :
        List.of(
            REDIRECT + "/",
            REDIRECT + "?a=b",
            REDIRECT + "/../evil",
            "https://api.example.test/auth/Callback",
            "https://api.example.test.evil.test/auth/callback",
            "https://evil.test/auth/callback",
            "http://api.example.test/auth/callback")) {
      HttpResponse<String> answer = authorize(address, pkce("S256"));
      assertEquals(400, answer.statusCode(), address);
      assertTrue(answer.headers().firstValue("location").isEmpty(), address);
    }
  }

  @Test
  void client_withoutItsSecret_getsNothing() {
    try (LoginPages pages = gateway()) {
      String code = logIn(pages, "stays");
      for (String secret : List.of("", "wrong")) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("client_id", CLIENT);
        form.put("client_secret", secret);
        form.put("code", code);
        form.put("redirect_uri", REDIRECT);
        String answer = pages.post("token", form);
        assertEquals("unauthorized_client", new JsonObject(answer).getString("error"), answer);
      }
    }
  }

  /** In a realm that `realm apply` made, and in one that Keycloak imported. */
  @Test
  void registration_ofAClientByAnybody_isRefused() {
    Map<String, String> kinds =
        Map.of(
            "openid-connect", "{\"redirect_uris\":[\"https://evil.test/\"]}",
            "default", "{\"clientId\":\"evil\",\"redirectUris\":[\"https://evil.test/\"]}");
    for (String name : List.of(REALM, "portcullis")) {
      for (String kind : kinds.keySet()) {
        URI address =
            TestSystem.shared()
                .keycloak()
                .resolve("/realms/" + name + "/clients-registrations/" + kind);
        HttpResponse<String> answer =
            send(
                HttpRequest.newBuilder(address)
                    .header("content-type", "application/json")
                    .POST(BodyPublishers.ofString(kinds.getOrDefault(kind, ""))));
        assertTrue(
            answer.statusCode() == 401 || answer.statusCode() == 403,
            () -> address + " " + answer.statusCode() + " " + answer.body());
      }
    }
  }

  private static void assertRefused(String error, Map<String, String> query) {
    HttpResponse<String> answer = authorize(REDIRECT, query);
    String location = answer.headers().firstValue("location").orElse(answer.body());
    assertTrue(location.contains("error=" + error), query + ": " + location);
  }

  private static Map<String, String> pkce(String method) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("code_challenge", CHALLENGE);
    query.put("code_challenge_method", method);
    return query;
  }

  private static HttpResponse<String> authorize(String redirect, Map<String, String> more) {
    Map<String, String> query = new LinkedHashMap<>(more);
    query.put("client_id", CLIENT);
    query.put("redirect_uri", redirect);
    query.put("scope", "openid");
    query.put("state", "s-1");
    return send(
        HttpRequest.newBuilder(
            URI.create(issuer() + "/protocol/openid-connect/auth?" + Form.encode(query))));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static JsonObject refreshed(LoginPages pages, String refresh) {
    return new JsonObject(
        pages.post(
            "token",
            Map.of(
                "grant_type", "refresh_token",
                "client_id", CLIENT,
                "client_secret", SECRET,
                "refresh_token", refresh)));
  }

  private static String logIn(LoginPages pages, String user) {
    pages.begin("openid", "");
    return code(pages.submit(Map.of("username", user, "password", PASSWORD)));
  }

  private static String code(String page) {
    assertTrue(page.startsWith("code:"), page);
    return page.substring("code:".length());
  }

  private static LoginPages gateway() {
    return new LoginPages(issuer(), CLIENT, SECRET, REDIRECT);
  }

  private static URI issuer() {
    return URI.create(TestSystem.shared().keycloak() + "/realms/" + REALM);
  }
}
