package io.portcullis.identity;

import static io.portcullis.identity.Identity.ISSUER;
import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.model.LogoutToken;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One row per way in which a logout token can fail to hold. */
class LogoutTokensTest {
  private static final String CLIENT = "portcullis-gateway";
  private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
  private static final String SUBJECT = "0b2f6b1e-8a55-4a6e-9d4e-5a2f1c3d4e5f";
  private static final long SECONDS = NOW.getEpochSecond();
  private static final TestKey STRANGER = TestKey.of("rsa-1", "RS256");
  private static final Identity IDENTITY = new Identity(RSA);

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("empty", "token-malformed", ""),
        Arguments.of("too long", "token-too-long", "a".repeat(8193)),
        row("algorithm none", "algorithm-refused", good().header("alg", "none")),
        row("another's key", "signature-invalid", logout(STRANGER)),
        row("issuer unknown", "issuer-unknown", good().claim("iss", "https://evil.example")),
        row("header of an access token", "not-a-logout-token", good().header("typ", "at+jwt")),
        row("an ID token", "not-a-logout-token", good().claim("typ", "ID")),
        row("an access token", "not-a-logout-token", good().claim("typ", "Bearer")),
        row("header of any token", "not-a-logout-token", good().header("typ", "JWT")),
        row("header without a type", "not-a-logout-token", good().withoutHeader("typ")),
        row("of no kind", "not-a-logout-token", good().header("typ", "JWT").without("typ")),
        row("no events", "logout-event-missing", good().without("events")),
        row("events a list", "logout-event-missing", events(new JsonArray().add(EVENT))),
        row("events a text", "logout-event-missing", events(EVENT)),
        row("another event", "logout-event-missing", events(event("http://other", "{}"))),
        row("event a text", "logout-event-missing", events(new JsonObject().put(EVENT, "yes"))),
        row("event null", "logout-event-missing", events(new JsonObject().putNull(EVENT))),
        row("with a nonce", "logout-with-nonce", good().claim("nonce", "n-1")),
        row("with a nonce of null", "logout-with-nonce", good().claim("nonce", null)),
        row("other audience", "audience-wrong", good().claim("aud", "portcullis-cli")),
        row("audience of the API", "audience-wrong", good().claim("aud", "portcullis")),
        row("a second audience", "audience-wrong", audiences(CLIENT, "portcullis-cli")),
        row("no audience", "claim-missing", good().without("aud")),
        row("neither sid nor sub", "logout-of-nobody", good().without("sid").without("sub")),
        row("sid a list", "claim-malformed", good().claim("sid", new JsonArray().add("a"))),
        row("no jti", "claim-missing", good().without("jti")),
        row("no iat", "claim-missing", good().without("iat")),
        row("no exp", "claim-missing", good().without("exp")),
        row("expired", "token-expired", good().claim("exp", SECONDS - 6)),
        row("of the future", "token-not-yet-valid", good().claim("iat", SECONDS + 7)),
        row("stale", "logout-old", good().claim("iat", SECONDS - 186)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void verify_whatDoesNotHold_isRefused(String what, String reason, String token) {
    Rejection refused = (Rejection) Await.failure(tokens().verify(token));
    assertEquals(Problem.UNAUTHENTICATED, refused.problem());
    assertEquals(reason, refused.reason());
  }

  @Test
  void verify_whatHolds_saysWhatEnds() {
    assertEquals(
        new LogoutToken(ISSUER, "logout-1", SUBJECT, "4c8e"),
        Await.value(tokens().verify(good().signed())));
    assertEquals(
        new LogoutToken(ISSUER, "logout-1", "", "4c8e"),
        Await.value(tokens().verify(good().without("sub").signed())));
    assertEquals(
        new LogoutToken(ISSUER, "logout-1", SUBJECT, ""),
        Await.value(tokens().verify(good().without("sid").signed())));
  }

  @Test
  void verify_typeOfTheHeader_isEnoughInEachSpelling() {
    String byHeader = good().without("typ").header("typ", "application/Logout+JWT").signed();
    assertEquals("logout-1", Await.value(tokens().verify(byHeader)).id());
  }

  @Test
  void longestLife_ofAToken_coversEveryMomentItIsTaken() {
    assertEquals(Duration.ofSeconds(190), tokens().longestLife());
  }

  private static LogoutTokens tokens() {
    return new LogoutTokens(
        Identity.config(IDENTITY.issuer.issuer()), ISSUER, CLIENT, IDENTITY.keys, IDENTITY.clock);
  }

  private static TestToken logout(TestKey key) {
    return new TestToken(ISSUER, key, NOW)
        .header("typ", "logout+jwt")
        .claim("typ", "Logout")
        .claim("jti", "logout-1")
        .claim("aud", CLIENT)
        .without("azp")
        .claim("events", event(EVENT, "{}"));
  }

  private static TestToken good() {
    return logout(RSA);
  }

  private static JsonObject event(String name, String value) {
    return new JsonObject().put(name, new JsonObject(value));
  }

  private static TestToken events(Object value) {
    return good().claim("events", value);
  }

  private static TestToken audiences(String... names) {
    return good().claim("aud", new JsonArray(List.of(names)));
  }

  private static Arguments row(String what, String reason, TestToken token) {
    return Arguments.of(what, reason, token.signed());
  }
}
