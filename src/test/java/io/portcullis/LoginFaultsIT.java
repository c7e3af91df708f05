package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.PlainBrowser;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.portcullis.testing.TokenEndpoint.Answer;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An issuer that says something wrong, is slow or away, and words of logouts that are not its own.
 */
final class LoginFaultsIT {
  private static final String ALICE = "0b2f6b1e-8a55-4a6e-9d4e-5a2f1c3d4e5f";
  private static final TestKey STRANGER = TestKey.of("fake-1", "ES256");

  private static FakeLogin fake;
  private static LoginNode node;
  private static Trail trail;

  @BeforeAll
  static void start() {
    fake = new FakeLogin("login-faults");
    node = fake.node;
    trail = new Trail(() -> TestNode.superuser(node.node.system));
  }

  @AfterAll
  static void stop() {
    fake.close();
  }

  static Stream<Arguments> wrongTokens() {
    return Stream.of(
        wrong("nonce-wrong", grant -> grant.id.claim("nonce", "of-another-login")),
        wrong("claim-missing", grant -> grant.id.without("nonce")),
        wrong("audience-wrong", grant -> grant.id.claim("aud", "portcullis-cli")),
        wrong("not-an-id-token", grant -> grant.id.claim("typ", "Bearer")),
        wrong("issuer-unknown", grant -> grant.id.claim("iss", "https://evil.test")),
        wrong("token-malformed", grant -> grant.answer.put("id_token", "")),
        wrong("subject", grant -> grant.access.claim("sub", "somebody-else")),
        wrong("subject", grant -> grant.access.claim("sid", "another-session")),
        wrong("audience-wrong", grant -> grant.access.claim("aud", "another-api")),
        wrong("not-an-access-token", grant -> grant.access.claim("typ", "ID")),
        wrong("tenant", grant -> grant.access.claim("organization", new JsonObject())),
        wrong("tenant", grant -> grant.access.organization("globex", "another-organization")));
  }

  private static Arguments wrong(String reason, Consumer<FakeLogin.Grant> change) {
    return Arguments.of(reason, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongTokens")
  void callback_withTokensThatDoNotHold_opensNothing(
      String reason, Consumer<FakeLogin.Grant> change) {
    PlainBrowser browser = new PlainBrowser();
    HttpResponse<String> answer = browser.get(fake.back(browser, ALICE, "s-wrong", change));
    assertEquals(403, answer.statusCode(), answer.body());
    assertEquals("", node.session(browser));
    recorded(answer, "login.refused", "login-" + reason);
  }

  @Test
  void callback_whileTheIssuerIsAway_isUnavailableAndMayBeRepeated() {
    PlainBrowser browser = new PlainBrowser();
    URI back = fake.back(browser, ALICE, "s-away", grant -> {});
    for (Answer outage :
        new Answer[] {
          Answer.none(), Answer.json(500, new JsonObject()), Answer.error("invalid_client")
        }) {
      fake.endpoint.answer(form -> outage);
      long began = System.nanoTime();
      HttpResponse<String> answer = browser.get(back);
      assertEquals(503, answer.statusCode(), answer.body());
      assertTrue(answer.headers().firstValue("retry-after").isPresent());
      assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 15, "by the deadline");
      assertEquals("", node.session(browser), "never half a session");
    }
    assertTrue(browser.cookies(node.address).containsKey(LoginNode.ATTEMPT));
    // The attempt is still the browser's: when the issuer is back, it goes on or is refused.
    fake.endpoint.answer(form -> Answer.error("invalid_grant"));
    assertEquals(403, browser.get(back).statusCode());
    assertFalse(browser.cookies(node.address).containsKey(LoginNode.ATTEMPT));
  }

  @Test
  void route_thatAsksForMore_saysWhatAndTakesIt() {
    PlainBrowser browser = new PlainBrowser();
    assertEquals(200, browser.get(fake.back(browser, ALICE, "s-11", grant -> {})).statusCode());
    HttpResponse<String> weak = browser.get(node.at("/api/v1/strong"));
    assertEquals(401, weak.statusCode(), weak.body());
    String challenge = weak.headers().firstValue("www-authenticate").orElse("");
    assertTrue(challenge.contains("error=\"insufficient_user_authentication\""), challenge);
    assertTrue(challenge.contains("acr_values=\"2\""), challenge);
    recorded(weak, "authentication.refused", "level-missing");

    URI strong = fake.back(browser, ALICE, "s-11", grant -> grant.access.claim("acr", "2"));
    assertEquals(200, browser.get(strong).statusCode());
    assertEquals(200, browser.get(node.at("/api/v1/strong")).statusCode());
  }

  /** An issuer that takes the wish for a second factor and does not ask for one. */
  @Test
  void stepUp_answeredWithLessThanWasAsked_isRefusedAndLeavesTheSessionAsItWas() {
    PlainBrowser browser = new PlainBrowser();
    assertEquals(200, browser.get(fake.back(browser, ALICE, "s-16", grant -> {})).statusCode());
    String session = node.session(browser);
    String more = "?tenant=acme&acr=2";
    HttpResponse<String> answer = browser.get(fake.back(browser, more, ALICE, "s-16", grant -> {}));
    assertEquals(403, answer.statusCode(), answer.body());
    recorded(answer, "login.refused", "login-level-not-reached");
    assertEquals(session, node.session(browser));
    assertEquals(200, browser.get(node.at("/auth/session")).statusCode());
    assertEquals(401, browser.get(node.at("/api/v1/strong")).statusCode());
  }

  @Test
  void backChannel_ofASession_endsThatOneAlone() {
    String one = fake.login(ALICE, "s-1");
    String two = fake.login(ALICE, "s-2");
    HttpResponse<String> told = tell(fake.logout("jti-1").claim("sid", "s-1").signed());
    assertEquals(200, told.statusCode(), told.body());
    assertEquals("no-store", told.headers().firstValue("cache-control").orElse(""));
    assertEquals(401, node.worth(one));
    assertEquals(200, node.worth(two));
    recorded(told, "logout", "back-channel");
  }

  @Test
  void backChannel_ofAPerson_endsAllOfTheirs() {
    String one = fake.login("person-1", "s-3");
    String two = fake.login("person-1", "s-4");
    String other = fake.login("person-2", "s-5");
    assertEquals(200, tell(fake.logout("jti-2").claim("sub", "person-1").signed()).statusCode());
    assertEquals(401, node.worth(one));
    assertEquals(401, node.worth(two));
    assertEquals(200, node.worth(other));
  }

  @Test
  void backChannel_ofAnUnknownSession_isNoError() {
    assertEquals(200, tell(fake.logout("jti-3").claim("sid", "unknown").signed()).statusCode());
  }

  @Test
  void backChannel_sameTokenAgain_isRefused() {
    String token = fake.logout("jti-4").claim("sid", "s-6").signed();
    assertEquals(200, tell(token).statusCode());
    HttpResponse<String> again = tell(token);
    assertEquals(400, again.statusCode());
    recorded(again, "logout.refused", "logout-repeated");
  }

  /** What was taken back as of a moment takes sessions with it, however fresh their tokens are. */
  @Test
  void revocation_ofAPerson_endsSessionsThatBeganBefore() {
    PlainBrowser browser = new PlainBrowser();
    long soon = Instant.now().getEpochSecond() + 20; // within the leeway of this node
    URI back = fake.back(browser, "person-8", "s-12", grant -> grant.access.claim("iat", soon));
    assertEquals(200, browser.get(back).statusCode());
    assertEquals(200, browser.get(node.at("/auth/session")).statusCode());
    JsonObject all = new JsonObject().put("user", "person-8").put("reason", "a test");
    assertEquals(201, fake.administer("POST", "/admin/v1/revocations", all).statusCode());
    HttpResponse<String> refused = browser.get(node.at("/auth/session"));
    assertEquals(401, refused.statusCode(), refused.body());
    recorded(refused, "authentication.refused", "session-revoked");
  }

  @Test
  void operators_seeAndEndSessions() {
    String cookie = fake.login("person-9", "s-13");
    String list = fake.administer("GET", "/admin/v1/sessions?user=person-9", null).body();
    JsonObject session = new JsonObject(list).getJsonArray("sessions").getJsonObject(0);
    assertEquals("s-13", session.getString("provider_session"));
    assertFalse(list.contains(cookie));
    String one = "/admin/v1/sessions/" + session.getString("id");
    assertTrue(fake.administer("DELETE", one, null).statusCode() < 300);
    assertEquals(401, node.worth(cookie));
  }

  /** However its session ends, and on whichever node: an open stream is over within a second. */
  @Test
  void streams_ofASession_endWithItOnEveryNode() throws IOException {
    try (LoginNode two = fake.another("login-faults-2")) {
      String mine = fake.login("person-10", "s-14");
      String other = fake.login("person-10", "s-15");
      try (RawHttp here = stream(node, mine);
          RawHttp there = stream(two, mine);
          RawHttp others = stream(two, other)) {
        PlainBrowser browser = new PlainBrowser();
        browser.cookies(node.address).put(LoginNode.SESSION, mine);
        long began = System.nanoTime();
        int out = browser.send("POST", node.at("/auth/logout"), null, node.script()).statusCode();
        assertEquals(200, out);
        assertEquals("", here.rest(), "no last chunk: it was cut off");
        assertEquals("", there.rest(), "no last chunk: it was cut off");
        long millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
        assertTrue(millis < 1_000, "the streams went on for " + millis + " ms");
        assertEquals(401, two.worth(mine));
        assertEquals(200, two.worth(other));

        String list = fake.administer("GET", "/admin/v1/sessions?user=person-10", null).body();
        String id = new JsonObject(list).getJsonArray("sessions").getJsonObject(0).getString("id");
        fake.administer("DELETE", "/admin/v1/sessions/" + id, null);
        assertEquals("", others.rest(), "no last chunk: it was cut off");
      }
    }
  }

  private static RawHttp stream(LoginNode at, String cookie) throws IOException {
    RawHttp connection = new RawHttp(at.address.getPort());
    connection.send(
        "GET /up/events HTTP/1.1\r\nHost: a\r\nCookie: __Host-Http-pc=" + cookie + "\r\n\r\n");
    RawHttp.Answer head = connection.readHead();
    assertEquals(200, head.status());
    assertEquals(List.of("no-store"), head.headers("cache-control"), "whatever the service says");
    assertEquals("data: 0\n\n", connection.readChunk());
    return connection;
  }

  @Test
  void redisAway_isNobodysFault_andALogoutMayComeAgain() {
    String cookie = fake.login("person-6", "s-9");
    String token = fake.logout("jti-6").claim("sid", "s-9").signed();
    PlainBrowser browser = new PlainBrowser();
    URI back = fake.back(browser, "person-7", "s-10", grant -> {});
    fake.state.stall();
    try {
      assertEquals(503, tell(token).statusCode());
      HttpResponse<String> login = browser.get(back);
      assertEquals(503, login.statusCode(), login.body());
      assertEquals("", node.session(browser));
      Await.until("what was remembered is forgotten", () -> node.worth(cookie) == 503);
    } finally {
      fake.state.resume();
      fake.state.cut();
    }
    Await.until("the logout is taken", () -> tell(token).statusCode() == 200);
    AtomicInteger inARow = new AtomicInteger();
    Await.until(
        "the session is over, as every event loop says",
        () -> (node.worth(cookie) == 401 ? inARow.incrementAndGet() : inARow.getAndSet(0)) >= 8);
  }

  static Stream<Arguments> wrongLogouts() {
    return Stream.of(
        row("bad signature", "signature-invalid", token -> strangers(token)),
        row("with a nonce", "logout-with-nonce", token -> token.claim("nonce", "n").signed()),
        row("no events", "logout-event-missing", token -> token.without("events").signed()),
        row("other audience", "audience-wrong", token -> token.claim("aud", "portcullis").signed()),
        row("an ID token", "not-a-logout-token", token -> token.claim("typ", "ID").signed()),
        row("nobody", "logout-of-nobody", token -> token.without("sid").signed()),
        row("no token", "token-malformed", token -> ""));
  }

  private static Arguments row(
      String what, String reason, java.util.function.Function<TestToken, String> token) {
    return Arguments.of(what, reason, token);
  }

  private static String strangers(TestToken token) {
    return token.signedBy(STRANGER::sign);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("wrongLogouts")
  void backChannel_tokensThatDoNotHold_endNothing(
      String what, String reason, java.util.function.Function<TestToken, String> token) {
    String cookie = fake.login("person-3", "s-7");
    HttpResponse<String> told = tell(token.apply(fake.logout("jti-" + what).claim("sid", "s-7")));
    assertEquals(400, told.statusCode(), told.body());
    assertEquals("no-store", told.headers().firstValue("cache-control").orElse(""));
    recorded(told, "logout.refused", "logout-" + reason);
    assertEquals(200, node.worth(cookie));
  }

  @Test
  void backChannel_otherForms_areRefused() {
    String good = fake.logout("jti-5").claim("sid", "s-8").signed();
    URI address = node.at("/auth/backchannel-logout");
    String field = "logout_token=" + good;
    PlainBrowser issuer = new PlainBrowser();
    String cookie = fake.login("person-4", "s-8");
    assertEquals(400, issuer.postRaw(address, field + "&" + field).statusCode());
    assertEquals(400, issuer.postRaw(address, "").statusCode());
    assertEquals(400, issuer.postRaw(address, "logout_token=%zz").statusCode());
    assertEquals(413, issuer.postRaw(address, "logout_token=" + "a".repeat(20_000)).statusCode());
    JsonObject json = new JsonObject().put("logout_token", good);
    assertEquals(415, issuer.post(address, json).statusCode());
    assertEquals(405, issuer.get(address).statusCode());
    assertEquals(200, node.worth(cookie));
  }

  private static HttpResponse<String> tell(String token) {
    return new PlainBrowser()
        .post(node.at("/auth/backchannel-logout"), Map.of("logout_token", token));
  }

  private static void recorded(HttpResponse<String> answer, String type, String reason) {
    String id = answer.headers().firstValue("x-request-id").orElse("");
    JsonObject event = trail.await(id, body -> type.equals(body.getString("type")));
    assertEquals(reason, event.getString("reason"));
  }
}
