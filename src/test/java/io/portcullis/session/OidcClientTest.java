package io.portcullis.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.LoginConfig;
import io.portcullis.config.Secret;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestClock;
import io.portcullis.testing.TokenEndpoint;
import io.portcullis.testing.TokenEndpoint.Answer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the gateway says to an issuer, and what it makes of every answer. */
class OidcClientTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration PATIENT = Duration.ofSeconds(8);
  private static final Duration BRIEF = Duration.ofMillis(300);
  private static final Duration UNHURRIED = Duration.ofSeconds(3);
  private static final Vertx VERTX = Vertx.vertx();
  private static final TokenEndpoint ENDPOINT = new TokenEndpoint(VERTX);
  private static final JsonObject GOOD =
      new JsonObject()
          .put("access_token", "a.b.c")
          .put("token_type", "Bearer")
          .put("expires_in", 300)
          .put("refresh_token", "d.e.f")
          .put("refresh_expires_in", 1800)
          .put("id_token", "g.h.i");

  private final OidcClient client = client(ENDPOINT.address(), 8, PATIENT);

  @AfterAll
  static void stop() {
    Await.value(VERTX.close());
  }

  @Test
  void authorization_ofALogin_namesAllThatProtectsIt() throws Exception {
    LoginAttempt attempt = LoginAttempt.begin(new LoginWish("acme", "/x", ""), "", NOW);
    String url = client.authorization(attempt);
    assertTrue(url.startsWith("https://login.example.com/auth?"), url);
    byte[] hash =
        MessageDigest.getInstance("SHA-256")
            .digest(attempt.verifier().getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        Map.of(
            "response_type", "code",
            "client_id", "portcullis-gateway",
            "redirect_uri", "https://api.example.com/auth/callback",
            "scope", "openid organization:acme",
            "state", attempt.state(),
            "nonce", attempt.nonce(),
            "code_challenge", Base64.getUrlEncoder().withoutPadding().encodeToString(hash),
            "code_challenge_method", "S256"),
        query(url));
    assertFalse(url.contains(attempt.verifier()));
  }

  @Test
  void authorization_ofAStepUp_asksForItAnew() {
    LoginAttempt attempt = LoginAttempt.begin(new LoginWish("", "/", "2"), "", NOW);
    Map<String, String> query = query(client.authorization(attempt));
    assertEquals("2", query.get("acr_values"));
    assertEquals("login", query.get("prompt"));
    assertEquals("openid organization", query.get("scope"));
  }

  @Test
  void exchange_goodAnswer_givesTokens() {
    ENDPOINT.answer(form -> Answer.json(200, GOOD));
    assertEquals(
        new Tokens("a.b.c", NOW.plusSeconds(300), "d.e.f", NOW.plusSeconds(1800), "g.h.i"),
        Await.value(client.exchange("the-code", "the-verifier")));
    MultiMap form = ENDPOINT.forms().getLast();
    assertEquals("authorization_code", form.get("grant_type"));
    assertEquals("the-code", form.get("code"));
    assertEquals("the-verifier", form.get("code_verifier"));
    assertEquals("https://api.example.com/auth/callback", form.get("redirect_uri"));
    String basic = ENDPOINT.authorizations().getLast().substring("Basic ".length());
    assertEquals(
        "portcullis-gateway:gateway-secret",
        new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8));
  }

  @Test
  void refresh_goodAnswer_givesTokensAndWhatIsMissing() {
    JsonObject less = GOOD.copy();
    List.of("refresh_token", "refresh_expires_in", "id_token").forEach(less::remove);
    ENDPOINT.answer(form -> Answer.json(200, less));
    assertEquals(
        new Tokens("a.b.c", NOW.plusSeconds(300), "", Instant.MAX, ""),
        Await.value(client.refresh("old-one")));
    assertEquals("refresh_token", ENDPOINT.forms().getLast().get("grant_type"));
    assertEquals("old-one", ENDPOINT.forms().getLast().get("refresh_token"));
  }

  @Test
  void refresh_answerThatSaysNoEnd_takesTheTokensOwn() {
    String claims = "{\"exp\":" + NOW.plusSeconds(120).getEpochSecond() + "}";
    for (String[] row :
        new String[][] {
          {"h." + base64(claims) + ".s", "" + NOW.plusSeconds(120)},
          {"h." + base64("{\"exp\":\"soon\"}") + ".s", "" + NOW},
          {"h." + base64("{\"exp\":9223372036854775807}") + ".s", "" + NOW},
          {"h." + base64("{") + ".s", "" + NOW},
          {"h.!.s", "" + NOW},
          {"opaque", "" + NOW}
        }) {
      ENDPOINT.answer(form -> Answer.json(200, without("expires_in").put("access_token", row[0])));
      Tokens tokens = Await.value(client.refresh("old-one"));
      assertEquals(row[0], tokens.accessToken());
      assertEquals(Instant.parse(row[1]), tokens.accessExpires(), row[0]);
    }
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void revoke_ofARefreshToken_saysWhich() {
    ENDPOINT.answer(form -> new Answer(200, "text/plain", ""));
    Await.value(client.revoke("old-one"));
    assertEquals("old-one", ENDPOINT.forms().getLast().get("token"));
    assertEquals("refresh_token", ENDPOINT.forms().getLast().get("token_type_hint"));
    Await.value(client.revoke(""));
  }

  @Test
  void refused_grant_isTheOnlyRefusal() {
    ENDPOINT.answer(form -> Answer.error("invalid_grant"));
    Rejection refused = rejection(client.exchange("used", "v"));
    assertEquals(Problem.UNAUTHENTICATED, refused.problem());
    assertEquals(Problem.UNAUTHENTICATED, rejection(client.refresh("used")).problem());
  }

  static Stream<Arguments> outages() {
    return Stream.of(
        Arguments.of("we are unknown", Answer.json(401, error("invalid_client"))),
        Arguments.of("we may not", Answer.error("unauthorized_client")),
        Arguments.of("our request is wrong", Answer.error("invalid_request")),
        Arguments.of("a name that begins so", Answer.error("invalid_grants")),
        Arguments.of("it failed", Answer.json(500, new JsonObject())),
        Arguments.of("it is full", new Answer(503, "text/html", "<h1>invalid_grant</h1>")),
        Arguments.of("a page", new Answer(200, "text/html", "<h1>Welcome</h1>")),
        Arguments.of("half of it", new Answer(200, "application/json", "{\"access_token\":")),
        Arguments.of("nothing in it", Answer.json(200, new JsonObject())),
        Arguments.of("no type", Answer.json(200, without("token_type"))),
        Arguments.of("another type", Answer.json(200, GOOD.copy().put("token_type", "mac"))),
        Arguments.of("no access token", Answer.json(200, without("access_token"))),
        Arguments.of("silence", Answer.none()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("outages")
  void exchange_anythingElse_isAnOutage(String what, Answer answer) {
    ENDPOINT.answer(form -> answer);
    OidcClient hasty = client(ENDPOINT.address(), 8, BRIEF);
    for (Future<Tokens> call : List.of(hasty.exchange("c", "v"), hasty.refresh("r"))) {
      Rejection refused = rejection(call);
      assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refused.problem());
      assertTrue(refused.retryAfter().isPresent());
    }
  }

  @Test
  void exchange_nobodyThere_isAnOutage() {
    OidcClient away = client(URI.create("http://127.0.0.1:1/token"), 8, PATIENT);
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection(away.exchange("c", "v")).problem());
  }

  @Test
  void exchange_tooManyAtOnce_isRefusedUnasked() {
    OidcClient narrow = client(ENDPOINT.address(), 3, UNHURRIED);
    ENDPOINT.answer(form -> Answer.none());
    int before = ENDPOINT.waiting();
    List<Future<Tokens>> calls = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(narrow.exchange("c", "v"));
    }
    assertEquals(Problem.OVERLOADED, rejection(narrow.exchange("c", "v")).problem());
    calls.forEach(call -> assertEquals("identity-provider-unavailable", rejection(call).reason()));
    assertEquals(3, ENDPOINT.waiting() - before);
    ENDPOINT.answer(form -> Answer.error("invalid_grant"));
    assertEquals(
        Problem.UNAUTHENTICATED,
        rejection(narrow.exchange("c", "v")).problem(),
        "it may ask again");
  }

  @Test
  void refresh_whileTooManyLogIn_isAskedAllTheSame() {
    OidcClient narrow = client(ENDPOINT.address(), 1, UNHURRIED);
    ENDPOINT.answer(
        form -> "r".equals(form.get("refresh_token")) ? Answer.json(200, GOOD) : Answer.none());
    Future<Tokens> slow = narrow.exchange("c", "v");
    assertEquals(Problem.OVERLOADED, rejection(narrow.exchange("c", "v")).problem());
    assertEquals("a.b.c", Await.value(narrow.refresh("r")).accessToken());
    rejection(slow);
  }

  @Test
  void endSession_ofAKnownLogin_leadsBackToUs() {
    assertEquals(
        Map.of(
            "id_token_hint", "g.h.i",
            "client_id", "portcullis-gateway",
            "post_logout_redirect_uri", "https://api.example.com/"),
        query(client.endSession("g.h.i").orElseThrow()));
    assertEquals(Optional.empty(), client.endSession(""));
  }

  private static OidcClient client(URI endpoint, int maxPending, Duration deadline) {
    LoginConfig config =
        new LoginConfig(
            "portcullis-gateway",
            new Secret("gateway-secret"),
            "keycloak",
            Optional.of(URI.create("https://login.example.com/auth")),
            Optional.of(endpoint),
            Optional.of(URI.create("https://login.example.com/logout")),
            Optional.of(endpoint),
            Set.of("openid"),
            Duration.ofMinutes(10),
            deadline,
            maxPending,
            Optional.empty());
    return new OidcClient(
        VERTX,
        config,
        URI.create("https://api.example.com"),
        new SimpleMeterRegistry(),
        new TestClock(NOW));
  }

  private static Rejection rejection(Future<?> call) {
    return (Rejection) Await.failure(call);
  }

  private static JsonObject error(String code) {
    return new JsonObject().put("error", code);
  }

  private static JsonObject without(String name) {
    JsonObject less = GOOD.copy();
    less.remove(name);
    return less;
  }

  private static Map<String, String> query(String url) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : url.substring(url.indexOf('?') + 1).split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
