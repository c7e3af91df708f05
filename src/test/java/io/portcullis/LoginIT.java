package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.PlainBrowser;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People log in at a real Keycloak, and others try to make something of it. */
final class LoginIT {
  private static final String KEPT = "; Path=/; Secure; HttpOnly; SameSite=";

  private static LoginNode node;
  private static LoginNode second;
  private static Trail trail;

  @BeforeAll
  static void start() {
    node = LoginNode.start("login-1").known();
    second = LoginNode.start("login-2");
    trail = new Trail(() -> TestNode.superuser(node.node.system));
  }

  @AfterAll
  static void stop() {
    second.close();
    node.close();
  }

  @Test
  void login_ofAMember_opensASessionUntilTheLogout() {
    PlainBrowser browser = new PlainBrowser();
    HttpResponse<String> begun = browser.get(node.at("/auth/login?tenant=acme&return_to=/a%3Fb"));
    assertEquals(303, begun.statusCode());
    assertEquals("no-store", header(begun, "cache-control"));
    assertTrue(header(begun, "set-cookie").endsWith(KEPT + "Lax; Max-Age=600"));

    URI back = browser.authenticate(PlainBrowser.location(begun).orElseThrow(), "alice");
    HttpResponse<String> hop = browser.get(back);
    assertEquals(200, hop.statusCode(), hop.body());
    assertTrue(hop.body().contains("content=\"0;url=/a?b\""), hop.body());
    assertEquals("no-referrer", header(hop, "referrer-policy"));
    assertEquals(Set.of(LoginNode.SESSION), browser.cookies(node.address).keySet());
    List<String> cookies = hop.headers().allValues("set-cookie");
    assertTrue(
        cookies.getFirst().matches(LoginNode.SESSION + "=k1\\.[A-Za-z0-9_-]{43}" + KEPT + "Strict"),
        cookies.toString());
    JsonObject event =
        trail.await(header(hop, "x-request-id"), body -> "login".equals(body.getString("type")));
    assertEquals("success", event.getString("outcome"));

    assertSession(browser);
    assertApi(browser);
    assertLogout(browser);
  }

  @Test
  void login_thatNoPersonBegan_asksAndBeginsNothing() {
    PlainBrowser browser = new PlainBrowser();
    String path = "/auth/login?tenant=acme&return_to=/a%3Fb";
    HttpResponse<String> asked = browser.get(node.at(path), "Sec-Fetch-Site", "cross-site");
    assertEquals(200, asked.statusCode(), asked.body());
    assertEquals("no-store", header(asked, "cache-control"));
    assertTrue(header(asked, "content-security-policy").contains("frame-ancestors 'none'"));
    String link = "href=\"" + path.replace("&", "&amp;") + "\"";
    assertTrue(asked.body().contains(link), asked.body());
    assertEquals(Map.of(), browser.cookies(node.address));
  }

  private static void assertSession(PlainBrowser browser) {
    JsonObject session = new JsonObject(browser.get(node.at("/auth/session")).body());
    assertEquals(true, session.getBoolean("authenticated"));
    assertEquals("alice", session.getString("username"));
    assertEquals("acme", session.getString("tenant"));
    assertEquals(new JsonArray().add("ai-user").add("user"), roles(session));
    Instant now = Instant.now();
    Instant idle = Instant.parse(session.getString("expires_at"));
    Instant end = Instant.parse(session.getString("ends_at"));
    assertTrue(Duration.between(now, idle).toMinutes() >= 28, idle.toString());
    assertTrue(end.isAfter(idle), end.toString());
    assertFalse(Instant.parse(session.getString("authenticated_at")).isAfter(now.plusSeconds(2)));
  }

  private static JsonArray roles(JsonObject session) {
    return new JsonArray(
        session.getJsonArray("roles").stream()
            .filter(role -> List.of("ai-user", "user").contains(role))
            .toList());
  }

  private static void assertApi(PlainBrowser browser) {
    JsonObject me = new JsonObject(browser.get(node.at("/api/v1/me")).body());
    assertEquals("acme", me.getString("tenant"));
    assertEquals("alice", me.getString("username"));
    assertFalse(me.getJsonObject("session").getString("id").isEmpty());
    URI conversations = node.at("/api/v1/conversations");
    JsonObject body = new JsonObject().put("title", "By cookie");
    assertEquals(201, browser.post(conversations, body, node.script()).statusCode());
    // The other node knows the session as well.
    PlainBrowser elsewhere = new PlainBrowser();
    elsewhere.cookies(second.address).put(LoginNode.SESSION, node.session(browser));
    assertEquals(200, elsewhere.get(second.at("/api/v1/me")).statusCode());
  }

  private static void assertLogout(PlainBrowser browser) {
    String cookie = node.session(browser);
    HttpResponse<String> out =
        browser.post(node.at("/auth/logout"), new JsonObject(), node.script());
    assertEquals(200, out.statusCode(), out.body());
    assertTrue(header(out, "set-cookie").endsWith("Strict; Max-Age=0"));
    trail.await(header(out, "x-request-id"), body -> "logout".equals(body.getString("type")));
    assertEquals(401, node.worth(cookie), "the old cookie is dead");
    Await.until("the old cookie is dead elsewhere", () -> second.worth(cookie) == 401);
    URI there = URI.create(new JsonObject(out.body()).getString("logout_url"));
    HttpResponse<String> gone = browser.get(there);
    assertEquals(node.at("/"), PlainBrowser.location(gone).orElseThrow(), gone.body());
    URI again = node.begin(browser, "?tenant=acme");
    assertEquals(200, browser.get(again).statusCode(), "Keycloak asks for the password again");
  }

  @Test
  void logout_byAFormOfOurOwn_leadsToKeycloak() {
    PlainBrowser browser = node.loggedIn("?tenant=acme", "alice");
    String cookie = node.session(browser);
    String[] ours = {"origin", node.address.toString(), "sec-fetch-site", "same-origin"};
    String[] foreign = {"origin", "https://evil.test", "sec-fetch-site", "cross-site"};
    assertEquals(403, browser.post(node.at("/auth/logout"), Map.of(), foreign).statusCode());
    assertEquals(403, browser.post(node.at("/auth/logout"), Map.of()).statusCode());
    assertEquals(200, node.worth(cookie));
    HttpResponse<String> out = browser.post(node.at("/auth/logout"), Map.of(), ours);
    assertEquals(303, out.statusCode(), out.body());
    assertTrue(header(out, "location").contains("id_token_hint="));
    assertEquals(401, node.worth(cookie));
  }

  @Test
  void logout_withoutASession_isNoError() {
    HttpResponse<String> out =
        new PlainBrowser().post(node.at("/auth/logout"), new JsonObject(), node.script());
    assertEquals("{\"logout_url\":null}", out.body());
  }

  /** Session fixation: what was planted before the login is worth nothing after it. */
  @Test
  void login_overAPlantedCookie_doesNotAdoptIt() {
    PlainBrowser browser = new PlainBrowser();
    String planted = "k1." + "A".repeat(43);
    browser.cookies(node.address).put(LoginNode.SESSION, planted);
    assertEquals(200, node.login(browser, "?tenant=acme", "alice").statusCode());
    assertNotEquals(planted, node.session(browser));
    assertEquals(200, node.worth(node.session(browser)));
    assertEquals(401, node.worth(planted));
  }

  @Test
  void login_overAnothersSession_endsIt() {
    String bobs = node.session(node.loggedIn("?tenant=globex", "bob"));
    PlainBrowser browser = new PlainBrowser();
    browser.cookies(node.address).put(LoginNode.SESSION, bobs);
    assertEquals(200, node.login(browser, "?tenant=acme", "alice").statusCode());
    assertEquals(401, node.worth(bobs), "bob's own session must not become alice's");
    JsonObject session = new JsonObject(browser.get(node.at("/auth/session")).body());
    assertEquals("alice", session.getString("username"));
  }

  @Test
  void callback_inAnotherBrowser_isRefused() {
    PlainBrowser mallory = new PlainBrowser();
    URI back = mallory.authenticate(node.begin(mallory, "?tenant=globex"), "bob");
    PlainBrowser victim = new PlainBrowser();
    assertRefused(victim.get(back), 400, "login-unknown");
    URI unused = node.begin(victim, "?tenant=acme");
    assertNotEquals(unused, back);
    assertRefused(victim.get(back), 400, "login-state");
    assertEquals("", node.session(victim));
  }

  @Test
  void callback_again_isRefused() {
    PlainBrowser browser = new PlainBrowser();
    URI back = browser.authenticate(node.begin(browser, "?tenant=acme"), "alice");
    String attempt = browser.cookies(node.address).getOrDefault(LoginNode.ATTEMPT, "");
    assertEquals(200, browser.get(back).statusCode());
    assertRefused(new PlainBrowser().get(back), 400, "login-unknown");
    PlainBrowser thief = new PlainBrowser();
    thief.cookies(node.address).put(LoginNode.ATTEMPT, attempt);
    assertRefused(thief.get(back), 403, "login-grant-refused");
    assertEquals("", node.session(thief));
  }

  @Test
  void callback_withChangedParameters_isRefused() {
    for (String[] change :
        new String[][] {
          {"state=[^&]*", "state=" + "A".repeat(43), "400", "login-state"},
          {"state=[^&]*&", "", "400", "login-state"},
          {"iss=[^&]*", "iss=https%3A%2F%2Fevil.test", "400", "login-issuer"},
          {"&iss=[^&]*", "", "400", "login-issuer"},
          {"code=[^&]*", "code=", "400", "login-code"},
          {"code=[^&]*", "code=other", "403", "login-grant-refused"},
          {"code=[^&]*", "error=access_denied", "403", "login-cancelled"},
          {"code=[^&]*", "error=invalid_scope", "403", "login-refused"},
          {"code=", "code=x&code=", "400", "query-repeated"}
        }) {
      PlainBrowser browser = new PlainBrowser();
      String back = browser.authenticate(node.begin(browser, "?tenant=acme"), "alice").toString();
      String changed = back.replaceFirst(change[0], change[1]);
      assertNotEquals(back, changed);
      assertRefused(browser.get(URI.create(changed)), Integer.parseInt(change[2]), change[3]);
      assertEquals("", node.session(browser));
      assertFalse(browser.cookies(node.address).containsKey(LoginNode.ATTEMPT));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//evil.test",
        "/%5Cevil.test",
        "https://evil.test",
        "/%252f/evil.test",
        "/%2F%2Fevil.test",
        "%09//evil.test",
        "http://127.0.0.1:1@evil.test",
        "/a%0d%0ab"
      })
  void login_leadingElsewhere_isRefused(String trick) {
    HttpResponse<String> answer = new PlainBrowser().get(node.at("/auth/login?return_to=" + trick));
    assertEquals(400, answer.statusCode(), answer.body());
    assertTrue(answer.headers().allValues("set-cookie").isEmpty());
  }

  @Test
  void login_malformed_isRefused() {
    for (String query :
        List.of("?tenant=Acme", "?tenant=a%20b", "?acr=%22", "?tenant=acme&tenant=b", "?to=/x")) {
      assertEquals(400, new PlainBrowser().get(node.at("/auth/login" + query)).statusCode());
    }
  }

  @Test
  void login_intoAnothersTenant_isRefused() {
    PlainBrowser browser = new PlainBrowser();
    assertRefused(node.login(browser, "?tenant=globex", "alice"), 403, "login-tenant");
    assertEquals("", node.session(browser));
  }

  @Test
  void session_ofNobody_isUnauthenticated() {
    HttpResponse<String> answer = new PlainBrowser().get(node.at("/auth/session"));
    assertEquals(401, answer.statusCode());
    String challenge = header(answer, "www-authenticate");
    assertTrue(challenge.startsWith("Bearer realm=\"portcullis\""), challenge);
    assertFalse(challenge.contains("error="), challenge);
  }

  @Test
  void unsafeRequest_thatIsNotOurPages_isForbidden() {
    PlainBrowser browser = node.loggedIn("?tenant=acme", "alice");
    URI conversations = node.at("/api/v1/conversations");
    JsonObject body = new JsonObject().put("title", "Forged");
    String ours = node.address.toString();
    for (String[] headers :
        new String[][] {
          {},
          {"x-pc-csrf", "1"},
          {"origin", "https://evil.test", "sec-fetch-site", "cross-site", "x-pc-csrf", "1"},
          {"origin", "null", "sec-fetch-site", "cross-site", "x-pc-csrf", "1"},
          {"origin", ours, "sec-fetch-site", "same-site", "x-pc-csrf", "1"},
          {"origin", ours + ".evil.test", "x-pc-csrf", "1"},
          {"origin", ours, "sec-fetch-site", "same-origin"}
        }) {
      assertEquals(403, browser.post(conversations, body, headers).statusCode());
    }
    String token = "Bearer " + node.node.token("alice");
    assertEquals(
        201,
        browser.post(conversations, body, "authorization", token).statusCode(),
        "a token is no cookie");
  }

  @Test
  void stepUp_ofASession_rotatesIt() {
    PlainBrowser browser = node.loggedIn("?tenant=acme", "alice");
    String before = node.session(browser);
    String id = sessionId(browser);
    URI asked = node.begin(browser, "?tenant=acme&acr=1&return_to=/admin");
    assertTrue(asked.getQuery().contains("acr_values=1"), asked.toString());
    HttpResponse<String> page = browser.get(asked);
    assertEquals(200, page.statusCode(), page.body());
    assertTrue(page.body().contains("password"), "the password is asked for again");
    assertEquals(200, node.login(browser, "?tenant=acme&acr=1", "alice").statusCode());
    assertNotEquals(before, node.session(browser));
    assertEquals(id, sessionId(browser), "it is the same session under a new handle");
  }

  private static String sessionId(PlainBrowser browser) {
    JsonObject me = new JsonObject(browser.get(node.at("/api/v1/me")).body());
    return me.getJsonObject("session").getString("id");
  }

  /** Keycloak says so itself: its administrator ends all of the person's sessions. */
  @Test
  void logout_atKeycloak_endsTheSessionOnEveryNode() {
    PlainBrowser browser = node.loggedIn("?tenant=globex", "bob");
    String cookie = node.session(browser);
    assertEquals(200, second.worth(cookie));
    var admin = node.node.system.admin();
    String user = admin.userId("portcullis", "bob");
    admin.call("POST", "portcullis/users/" + user + "/logout", "", Set.of(204));
    long began = System.nanoTime();
    Await.until("ended here", () -> node.worth(cookie) == 401);
    Await.until("ended there", () -> second.worth(cookie) == 401);
    long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertTrue(millis < 2_500, "took " + millis + " ms");
  }

  private static void assertRefused(HttpResponse<String> answer, int status, String reason) {
    assertEquals(status, answer.statusCode(), answer.body());
    JsonObject event =
        trail.await(
            header(answer, "x-request-id"), body -> reason.equals(body.getString("reason")));
    assertEquals("login.refused", event.getString("type"));
    assertFalse(
        answer.headers().allValues("set-cookie").stream()
            .anyMatch(line -> line.startsWith(LoginNode.SESSION + "=k")),
        "no session comes of it");
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
