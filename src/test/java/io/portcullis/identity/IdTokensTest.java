package io.portcullis.identity;

import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.ISSUER;
import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.model.IdToken;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.json.JsonArray;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One row per way in which an ID token can fail to be the answer to a login. */
class IdTokensTest {
  private static final String CLIENT = "portcullis-gateway";
  private static final long SECONDS = NOW.getEpochSecond();
  private static final TestKey STRANGER = TestKey.of("rsa-1", "RS256");
  private static final IdToken.Asked PLAIN = new IdToken.Asked("n-1", Optional.empty(), "");
  private static final IdToken.Asked STEP_UP = new IdToken.Asked("n-1", Optional.of(NOW), "2");
  private static final Identity IDENTITY = new Identity(RSA, EC);

  static Stream<Arguments> refused() {
    return Stream.of(
        row("not a token", "token-malformed", "abc"),
        row("too long", "token-too-long", "a".repeat(8193)),
        row("empty", "token-malformed", ""),
        row("an access token", "not-an-id-token", good().claim("typ", "Bearer")),
        row("a refresh token", "not-an-id-token", good().claim("typ", "Refresh")),
        row("a logout token", "not-an-id-token", good().claim("typ", "Logout")),
        row("typ null", "not-an-id-token", good().claim("typ", null)),
        row("header of an access token", "not-an-id-token", good().header("typ", "at+jwt")),
        row("header of a logout token", "not-an-id-token", good().header("typ", "logout+jwt")),
        row("algorithm none", "algorithm-refused", good().header("alg", "none")),
        row("another's key", "signature-invalid", id(STRANGER)),
        row("key of another kid", "key-mismatch", good().header("kid", "ec-1")),
        row("key of its own", "header-key", good().header("jwk", STRANGER.jwk())),
        row("critical header", "header-critical", good().header("crit", "exp")),
        row("issuer unknown", "issuer-unknown", good().claim("iss", "https://evil.example")),
        row("no issuer", "claim-missing", good().without("iss")),
        row("audience of the API", "audience-wrong", good().claim("aud", "portcullis")),
        row("no audience", "claim-missing", good().without("aud")),
        row("a second audience", "audience-wrong", audiences(CLIENT, "portcullis")),
        row("a second audience, azp ours", "audience-wrong", audiences(CLIENT, "other")),
        row("no audience at all", "audience-wrong", audiences()),
        row("azp of another client", "client-wrong", good().claim("azp", "portcullis-cli")),
        row("azp a number", "claim-malformed", good().claim("azp", 1)),
        row("expired", "token-expired", good().claim("exp", SECONDS - 6)),
        row("no expiry", "claim-missing", good().without("exp")),
        row("expiry a text", "claim-malformed", good().claim("exp", "tomorrow")),
        row("issued in the future", "token-not-yet-valid", good().claim("iat", SECONDS + 7)),
        row("no time of issue", "claim-missing", good().without("iat")),
        row("not yet valid", "token-not-yet-valid", good().claim("nbf", SECONDS + 7)),
        row("no nonce", "claim-missing", good().without("nonce")),
        row("nonce of another login", "nonce-wrong", good().claim("nonce", "n-2")),
        row("nonce longer", "nonce-wrong", good().claim("nonce", "n-11")),
        row("nonce a number", "claim-malformed", good().claim("nonce", 1)),
        row("no subject", "claim-missing", good().without("sub")),
        row("subject empty", "claim-malformed", good().claim("sub", "")),
        row("sid a number", "claim-malformed", good().claim("sid", 7)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refused")
  void verify_whatDoesNotHold_isRefused(String what, String reason, String token) {
    assertEquals(reason, refusal(token, PLAIN));
  }

  static Stream<Arguments> tooWeak() {
    return Stream.of(
        row("no auth_time", "claim-missing", strong().without("auth_time")),
        row("before it was asked", "authentication-old", strong().claim("auth_time", SECONDS - 6)),
        row("an hour ago", "authentication-old", strong().claim("auth_time", SECONDS - 3600)),
        row("a password alone", "level-not-reached", strong().claim("acr", "1")),
        row("no level", "level-not-reached", strong().without("acr")),
        row("a level of another kind", "level-not-reached", strong().claim("acr", "gold")),
        row("level a number", "claim-malformed", strong().claim("acr", 2)));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("tooWeak")
  void verify_weakerThanAsked_isRefused(String what, String reason, String token) {
    assertEquals(reason, refusal(token, STEP_UP));
  }

  @Test
  void verify_whatHolds_saysWhoItIs() {
    assertEquals(
        new IdToken(
            ISSUER,
            "0b2f6b1e-8a55-4a6e-9d4e-5a2f1c3d4e5f",
            "4c8e",
            Instant.ofEpochSecond(SECONDS),
            Instant.ofEpochSecond(SECONDS + 300),
            Optional.of(Instant.ofEpochSecond(SECONDS)),
            "2"),
        Await.value(tokens().verify(strong().signed(), STEP_UP)));
  }

  @Test
  void verify_keyAndFormOfOthers_holdToo() {
    String ec = id(EC).withoutHeader("typ").without("typ").without("azp").signed();
    assertEquals("4c8e", Await.value(tokens().verify(ec, PLAIN)).session());
    TestToken listed = audiences(CLIENT);
    assertEquals("4c8e", Await.value(tokens().verify(listed.signed(), PLAIN)).session());
    String higher = strong().claim("acr", "3").signed();
    assertEquals("3", Await.value(tokens().verify(higher, STEP_UP)).level());
  }

  @Test
  void verify_withoutANonceAskedFor_neverHolds() {
    String empty = good().claim("nonce", "x").signed();
    assertEquals("nonce-wrong", refusal(empty, new IdToken.Asked("", Optional.empty(), "")));
  }

  @Test
  void verify_keysTooOld_isOurTrouble() {
    Identity silent = new Identity();
    IdTokens tokens =
        new IdTokens(
            Identity.config(silent.issuer.issuer()), ISSUER, CLIENT, silent.keys, silent.clock);
    Rejection refused = (Rejection) Await.failure(tokens.verify(good().signed(), PLAIN));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refused.problem());
  }

  private static IdTokens tokens() {
    return new IdTokens(
        Identity.config(IDENTITY.issuer.issuer()), ISSUER, CLIENT, IDENTITY.keys, IDENTITY.clock);
  }

  private static String refusal(String token, IdToken.Asked asked) {
    Rejection refused = (Rejection) Await.failure(tokens().verify(token, asked));
    assertEquals(Problem.UNAUTHENTICATED, refused.problem());
    return refused.reason();
  }

  private static TestToken id(TestKey key) {
    return new TestToken(ISSUER, key, NOW)
        .claim("typ", "ID")
        .claim("aud", CLIENT)
        .claim("azp", CLIENT)
        .claim("nonce", "n-1");
  }

  private static TestToken good() {
    return id(RSA);
  }

  private static TestToken strong() {
    return good().claim("auth_time", SECONDS).claim("acr", "2");
  }

  private static TestToken audiences(String... names) {
    return good().claim("aud", new JsonArray(java.util.List.of(names)));
  }

  private static Arguments row(String what, String reason, TestToken token) {
    return row(what, reason, token.signed());
  }

  private static Arguments row(String what, String reason, String token) {
    return Arguments.of(what, reason, token);
  }
}
