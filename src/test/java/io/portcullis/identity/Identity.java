package io.portcullis.identity;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.IdentityConfig;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.TestClock;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A verifier with everything around it in memory: keys, tenants, revocations and the clock. */
final class Identity {
  static final String ISSUER = "https://id.example/realms/portcullis";
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
  static final Tenant ACME =
      new Tenant(
          new TenantId("a123456789012"),
          "acme",
          "9a7c1e54-0d1b-4c2a-8f5e-6b7a8c9d0e1f",
          Tenant.State.ACTIVE);

  /** Keys are expensive to make and never changed. */
  static final TestKey RSA = TestKey.of("rsa-1", "RS256");

  static final TestKey EC = TestKey.of("ec-1", "ES256");
  static final TestKey ED = TestKey.of("ed-1", "EdDSA");

  final TestClock clock = new TestClock(NOW);
  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final Map<String, Tenant> tenants = new ConcurrentHashMap<>(Map.of(ACME.organization(), ACME));
  final Set<String> revoked = ConcurrentHashMap.newKeySet();
  final AtomicInteger fetches = new AtomicInteger();
  final SigningKeys keys;
  final IssuerKeys issuer;
  final TokenVerifier verifier;
  final HolderVerifier holders;

  /** An issuer that has published these keys, which were fetched. */
  Identity(TestKey... published) {
    this(issuer(Set.of()), published);
  }

  Identity(IdentityConfig.Issuer issuerConfig, TestKey... published) {
    IdentityConfig config = config(issuerConfig);
    keys = new SigningKeys(config, clock);
    issuer = keys.of(issuerConfig.issuer()).orElseThrow();
    verifier =
        new TokenVerifier(
            config,
            keys,
            organization -> Optional.ofNullable(tenants.get(organization)),
            caller -> revoked.contains(caller.subject()),
            metrics,
            clock);
    holders = new HolderVerifier(verifier, Optional.empty());
    publish(published);
    if (published.length > 0) {
      var unused = Await.value(issuer.refresh());
    }
  }

  static IdentityConfig.Issuer issuer(Set<String> clients) {
    return new IdentityConfig.Issuer(
        "main",
        ISSUER,
        Optional.empty(),
        Optional.empty(),
        Set.of("portcullis", "other-api"),
        clients,
        Set.of("RS256", "PS256", "ES256", "EdDSA"),
        "portcullis",
        Optional.empty());
  }

  static IdentityConfig config(IdentityConfig.Issuer... issuers) {
    return new IdentityConfig(
        List.of(issuers),
        Duration.ofSeconds(5),
        8192,
        100,
        Duration.ofMinutes(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60),
        Duration.ofHours(1),
        Duration.ofSeconds(2),
        DpopKey.config());
  }

  /** What the next fetch brings; nothing makes it fail. */
  void publish(TestKey... published) {
    fetchWith(
        published.length == 0
            ? Future.failedFuture("away")
            : Future.succeededFuture(signingKeys(published)));
  }

  void fetchWith(Future<List<SigningKey>> answer) {
    issuer.fetchWith(
        () -> {
          fetches.incrementAndGet();
          return answer;
        });
  }

  static List<SigningKey> signingKeys(TestKey... published) {
    JsonArray jwks = new JsonArray();
    for (TestKey key : published) {
      jwks.add(key.jwk());
    }
    try {
      return JwksReader.read(new JsonObject().put("keys", jwks)).keys();
    } catch (InvalidKeyException e) {
      throw new AssertionError(e);
    }
  }

  static TestToken token(TestKey key) {
    return new TestToken(ISSUER, key, NOW);
  }

  Caller caller(String token) {
    return Await.value(verifier.verify(token));
  }

  /** The reason of a refusal, which must be the caller's fault. */
  String refusal(String token) {
    Rejection rejection = rejection(token);
    if (rejection.problem() != Problem.UNAUTHENTICATED) {
      throw new AssertionError(rejection.problem() + " " + rejection.reason());
    }
    return rejection.reason();
  }

  /** The reason for which a token that was sent as a bearer token is refused. */
  String bearerRefusal(String token) {
    return headerRefusal(List.of("Bearer " + token));
  }

  /** The reason for which these {@code Authorization} headers are refused, without a proof. */
  String headerRefusal(List<String> headers) {
    return ((Rejection) Await.failure(holders.bearer(headers))).reason();
  }

  Rejection rejection(String token) {
    return (Rejection) Await.failure(verifier.verify(token));
  }

  double count(String name, String... tags) {
    return metrics.get(name).tags(tags).counter().count();
  }
}
