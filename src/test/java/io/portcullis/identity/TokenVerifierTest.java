package io.portcullis.identity;

import static io.portcullis.identity.Identity.ACME;
import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.ED;
import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static io.portcullis.identity.Identity.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenVerifierTest {
  private final Identity identity = new Identity(RSA, EC, ED);

  @Test
  void verify_goodToken_wholeCaller() {
    assertEquals(
        new Caller(
            Identity.ISSUER,
            "0b2f6b1e-8a55-4a6e-9d4e-5a2f1c3d4e5f",
            "alice",
            "portcullis-cli",
            List.of(ACME.organization()),
            Optional.of(ACME),
            Set.of("user", "ai-user", "tenant-admin"),
            Set.of("openid", "profile", "organization"),
            new Credential(
                "onrtac:2f0a5b7e",
                "4c8e",
                Instant.parse("2026-03-01T12:00:00Z"),
                Instant.parse("2026-03-01T12:05:00Z"),
                Optional.empty(),
                "",
                Optional.empty())),
        identity.caller(token(RSA).signed()));
  }

  static Stream<TestKey> keys() {
    return Stream.of(RSA, RSA.as("rsa-1", "PS256"), EC, ED);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void verify_everyAllowedAlgorithm_accepted(TestKey key) {
    Identity one = new Identity(key);
    assertEquals("alice", one.caller(token(key).signed()).username());
    String unnamed = token(key).withoutHeader("kid").signed();
    assertEquals("alice", one.caller(unnamed).username());
  }

  static Stream<TestToken> variants() {
    long seconds = NOW.getEpochSecond();
    return Stream.of(
        token(RSA).header("typ", "at+jwt").without("typ"),
        token(RSA).header("typ", "application/AT+JWT").without("typ"),
        token(RSA).header("typ", "at+jwt"),
        token(RSA).withoutHeader("typ"),
        token(RSA).header("x5t", "abc").header("x5t#S256", "abc").header("cty", "x"),
        token(RSA).claim("aud", "portcullis"),
        token(RSA).claim("aud", "other-api"),
        token(RSA).claim("exp", seconds - 4),
        token(RSA).claim("exp", seconds + 0.75),
        token(RSA).claim("nbf", seconds + 5),
        token(RSA).claim("iat", seconds + 5),
        token(RSA).without("iat").without("jti").without("scope"),
        token(RSA).without("realm_access").without("resource_access").without("organization"),
        token(RSA).without("preferred_username"));
  }

  @ParameterizedTest
  @MethodSource("variants")
  void verify_allowedVariant_accepted(TestToken variant) {
    assertEquals("portcullis-cli", identity.caller(variant.signed()).client());
  }

  @Test
  void verify_noUsername_subjectInstead() {
    Caller caller = identity.caller(token(RSA).without("preferred_username").signed());
    assertEquals(caller.subject(), caller.username());
  }

  @Test
  void verify_rolesOfOtherClients_notOurs() {
    Caller caller = identity.caller(token(RSA).signed());
    assertTrue(caller.roles().contains("tenant-admin"));
    assertEquals(3, caller.roles().size());
  }

  static Stream<Object> organizationsThatAreNotOneTenant() {
    JsonObject acme = new JsonObject().put("id", ACME.organization());
    return Stream.of(
        new JsonObject(),
        new JsonArray().add("acme"),
        "acme",
        7,
        new JsonObject().put("acme", new JsonObject()),
        new JsonObject().put("acme", ACME.organization()),
        new JsonObject().put("acme", new JsonObject().put("id", 7)),
        new JsonObject().put("acme", new JsonObject().put("id", "")),
        new JsonObject().put("acme", new JsonObject().put("id", "i".repeat(65))),
        new JsonObject().put("acme", new JsonObject().put("id", "unknown-organization")),
        new JsonObject().put("acme", acme).put("globex", new JsonObject().put("id", "g-1")),
        new JsonObject().put("acme", acme).put("globex", new JsonObject()),
        new JsonObject().put("acme", acme).put("other", acme));
  }

  @ParameterizedTest
  @MethodSource("organizationsThatAreNotOneTenant")
  void verify_notExactlyOneKnownOrganization_callerWithoutTenant(Object claim) {
    Caller caller = identity.caller(token(RSA).claim("organization", claim).signed());
    assertEquals(Optional.empty(), caller.tenant());
  }

  @Test
  void verify_twoOrganizations_bothNamed() {
    String two = token(RSA).organization("globex", "g-1").signed();
    assertEquals(List.of(ACME.organization(), "g-1"), identity.caller(two).organizations());
  }

  @Test
  void verify_twoIssuers_eachByItsOwnKeysOnly() {
    var second =
        new io.portcullis.config.IdentityConfig.Issuer(
            "second",
            "https://second.example",
            Optional.empty(),
            Optional.empty(),
            Set.of("portcullis"),
            Set.of(),
            Set.of("ES256"),
            "",
            Optional.empty());
    Identity other = new Identity(second, EC);
    String theirs = new TestToken("https://second.example", EC, NOW).signed();
    assertEquals(Set.of("user", "ai-user"), other.caller(theirs).roles());
    assertEquals("issuer-unknown", identity.refusal(theirs));
    assertEquals("issuer-unknown", other.refusal(token(EC).signed()));
  }

  @Test
  void authenticate_headers_tokenOrItsReason() {
    String good = token(RSA).signed();
    assertEquals(
        "alice", Await.value(identity.holders.bearer(List.of("Bearer " + good))).username());
    assertEquals("token-missing", reason(List.of()));
    assertEquals("authorization-repeated", reason(List.of("Bearer " + good, "Bearer " + good)));
    assertEquals("authorization-scheme", reason(List.of("Basic YTpi")));
    assertEquals("authorization-malformed", reason(List.of("Bearer " + good + "," + good)));
    assertEquals(1, identity.count("portcullis.auth", "reason", "token-missing"));
  }

  private String reason(List<String> headers) {
    return identity.headerRefusal(headers);
  }

  @Test
  void verify_always_countedByReason() {
    String good = token(RSA).signed();
    var first = identity.caller(good);
    var second = identity.caller(good);
    assertSame(first, second);
    assertEquals("token-malformed", identity.refusal("x"));
    assertEquals("algorithm-refused", identity.refusal(token(RSA).header("alg", "none").signed()));
    assertEquals(2, identity.count("portcullis.auth", "result", "ok"));
    assertEquals(1, identity.count("portcullis.auth", "reason", "token-malformed"));
    assertEquals(1, identity.count("portcullis.auth", "reason", "algorithm-refused"));
    assertEquals(1, identity.count("portcullis.token.cache", "result", "hit"));
    assertEquals(3, identity.count("portcullis.token.cache", "result", "miss"));
  }

  @Test
  void verify_bugBehindTheVerifier_oneRejectionNotAnExceptionOfTheCall() {
    var config = Identity.config(Identity.issuer(Set.of()));
    TokenVerifier broken =
        new TokenVerifier(
            config,
            identity.keys,
            organization -> {
              throw new IllegalStateException("a bug");
            },
            caller -> false,
            identity.metrics,
            identity.clock);
    Rejection rejection = (Rejection) Await.failure(broken.verify(token(RSA).signed()));
    assertEquals(500, rejection.problem().status());
  }
}
