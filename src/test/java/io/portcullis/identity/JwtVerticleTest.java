package io.portcullis.identity;

import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.ED;
import static io.portcullis.identity.Identity.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.IdentityConfig;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.TestClock;
import io.portcullis.testing.TestIssuer;
import io.portcullis.testing.TestIssuer.Mode;
import io.portcullis.testing.TestKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys over HTTP from an issuer that fails on purpose; real time, short intervals. */
class JwtVerticleTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration FLOOR = Duration.ofMillis(50);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SHORT = Duration.ofMillis(500);

  private final Vertx vertx = Vertx.vertx();
  private final TestIssuer issuer = new TestIssuer(vertx);
  private final TestClock clock = new TestClock(Instant.now());
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

  @AfterEach
  void close() {
    issuer.close();
    var unused = Await.value(vertx.close());
  }

  private record Parts(SigningKeys keys, TokenVerifier verifier, String deployment) {
    KeyStatus status() {
      return keys.status().getFirst();
    }
  }

  private Parts start(IdentityConfig.Issuer issuerConfig, Duration interval, Duration floor) {
    return start(issuerConfig, interval, floor, TIMEOUT);
  }

  private Parts start(
      IdentityConfig.Issuer issuerConfig, Duration interval, Duration floor, Duration timeout) {
    IdentityConfig config =
        new IdentityConfig(
            List.of(issuerConfig),
            Duration.ofSeconds(5),
            8192,
            100,
            interval,
            floor,
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            timeout,
            DpopKey.config());
    SigningKeys keys = new SigningKeys(config, clock);
    TokenVerifier verifier =
        new TokenVerifier(
            config, keys, organization -> Optional.empty(), caller -> false, metrics, clock);
    String deployment =
        Await.value(
            vertx.deployVerticle(
                () -> new JwtVerticle(config, keys, metrics),
                new io.vertx.core.DeploymentOptions()));
    return new Parts(keys, verifier, deployment);
  }

  private Parts start(Duration interval) {
    return start(issuer.config(), interval, FLOOR);
  }

  private String token(TestKey key) {
    return issuer.token(key, clock.instant()).signed();
  }

  @Test
  void start_keysPublished_readyWhenDeployed() {
    issuer.publish(RSA, EC, ED);
    Parts parts = start(LONG);
    assertEquals(KeyStatus.Mode.FRESH, parts.status().mode());
    assertEquals(3, parts.status().keys());
    for (TestKey key : List.of(RSA, EC, ED)) {
      assertEquals("alice", Await.value(parts.verifier.verify(token(key))).username());
    }
    assertEquals(1, issuer.fetches());
    assertEquals(1, refreshes("ok"));
    double age = metrics.get("portcullis.jwks.age.seconds").tag("issuer", "test").gauge().value();
    assertTrue(age >= 0 && age < 10);
  }

  @Test
  void start_byDiscovery_findsTheKeys() {
    issuer.publish(RSA);
    Parts parts = start(discovering(), LONG, FLOOR);
    assertEquals("alice", Await.value(parts.verifier.verify(token(RSA))).username());
  }

  @Test
  void start_discoveryOfAnotherIssuer_noKeys() {
    issuer.publish(RSA);
    issuer.discover("https://evil.example", issuer.jwks().toString());
    assertEquals(KeyStatus.Mode.UNAVAILABLE, start(discovering(), LONG, LONG).status().mode());
    assertEquals(0, issuer.fetches());
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {"", "/certs", "file:///etc/passwd", "http:", "ht tp://x", "ftp://127.0.0.1/"})
  void start_discoveryOfNoUsableAddress_noKeys(String address) {
    issuer.publish(RSA);
    issuer.discover(issuer.issuer(), address);
    assertEquals(KeyStatus.Mode.UNAVAILABLE, start(discovering(), LONG, LONG).status().mode());
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"GOOD", "SLOW"},
      mode = EnumSource.Mode.EXCLUDE)
  void start_issuerFails_unavailableUntilItWorksAgain(Mode failure) {
    issuer.publish(RSA);
    issuer.mode(failure);
    Parts parts = start(issuer.config(), LONG, FLOOR, SHORT);
    Rejection rejection = (Rejection) Await.failure(parts.verifier.verify(token(RSA)));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertEquals(KeyStatus.Mode.UNAVAILABLE, parts.status().mode());
    assertTrue(refreshes("failed") >= 1);
    issuer.mode(Mode.GOOD);
    Await.until("keys fetched", () -> parts.status().mode() == KeyStatus.Mode.FRESH);
    assertEquals("alice", Await.value(parts.verifier.verify(token(RSA))).username());
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"GOOD", "SLOW"},
      mode = EnumSource.Mode.EXCLUDE)
  void refresh_issuerFails_oldKeysKept(Mode failure) {
    issuer.publish(RSA);
    Parts parts = start(issuer.config(), Duration.ofMillis(100), FLOOR, SHORT);
    Await.until("fetched", () -> parts.status().mode() == KeyStatus.Mode.FRESH);
    issuer.mode(failure);
    Await.until("noticed", () -> parts.status().mode() == KeyStatus.Mode.STALE);
    assertEquals("alice", Await.value(parts.verifier.verify(token(RSA))).username());
    issuer.mode(Mode.GOOD);
    Await.until("recovered", () -> parts.status().mode() == KeyStatus.Mode.FRESH);
  }

  @Test
  void start_issuerNotThere_startsAndRecovers() {
    IdentityConfig.Issuer nobody =
        new IdentityConfig.Issuer(
            "test",
            issuer.issuer(),
            Optional.of(java.net.URI.create("http://127.0.0.1:1/certs")),
            Optional.empty(),
            issuer.config().audiences(),
            issuer.config().clients(),
            issuer.config().algorithms(),
            "",
            Optional.empty());
    Parts parts = start(nobody, LONG, FLOOR);
    Rejection rejection = (Rejection) Await.failure(parts.verifier.verify(token(RSA)));
    assertEquals("identity-provider-unavailable", rejection.reason());
  }

  @Test
  void verify_keyRotated_newTokenWaitsForItAndOldKeyIsDropped() {
    issuer.publish(RSA);
    Parts parts = start(issuer.config(), LONG, Duration.ZERO);
    String old = token(RSA);
    assertEquals("alice", Await.value(parts.verifier.verify(old)).username());
    issuer.publish(EC);
    issuer.mode(Mode.SLOW);
    assertEquals("alice", Await.value(parts.verifier.verify(token(EC))).username());
    assertEquals(2, issuer.fetches());
    Rejection rejection = (Rejection) Await.failure(parts.verifier.verify(old));
    assertEquals("key-unknown", rejection.reason());
  }

  @Test
  void verify_backgroundRefresh_dropsRemovedKeyWithoutBeingAsked() {
    issuer.publish(RSA, EC);
    Parts parts = start(Duration.ofMillis(100));
    String old = token(RSA);
    assertEquals("alice", Await.value(parts.verifier.verify(old)).username());
    issuer.publish(EC);
    Await.until("dropped", () -> parts.status().keys() == 1);
    Rejection rejection = (Rejection) Await.failure(parts.verifier.verify(old));
    assertEquals(Problem.UNAUTHENTICATED, rejection.problem());
  }

  @Test
  void verify_burstOfUnknownKeys_oneFetch() {
    issuer.publish(RSA);
    Parts parts = start(issuer.config(), LONG, FLOOR);
    issuer.mode(Mode.SLOW);
    clock.advance(FLOOR);
    List<Future<Caller>> all =
        java.util.stream.IntStream.range(0, 200)
            .mapToObj(i -> issuer.token(RSA, clock.instant()).header("kid", "x" + i).signed())
            .map(parts.verifier::verify)
            .toList();
    all.forEach(each -> assertEquals("key-unknown", ((Rejection) Await.failure(each)).reason()));
    assertEquals(2, issuer.fetches());
  }

  @Test
  void verify_unknownKeyAndSilentIssuer_unavailableWithinTheTimeout() {
    issuer.publish(RSA);
    Parts parts = start(issuer.config(), LONG, FLOOR, SHORT);
    Await.until("fetched", () -> parts.status().mode() == KeyStatus.Mode.FRESH);
    issuer.mode(Mode.SILENT);
    clock.advance(FLOOR);
    long began = System.nanoTime();
    Rejection rejection = (Rejection) Await.failure(parts.verifier.verify(token(EC)));
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertTrue(millis < SHORT.toMillis() + 3000, "took " + millis + " ms");
  }

  @Test
  void verify_onAnEventLoop_answersOnTheSameContext() throws Exception {
    issuer.publish(RSA);
    Parts parts = start(issuer.config(), LONG, Duration.ZERO);
    issuer.publish(RSA, EC);
    Context context = vertx.getOrCreateContext();
    Promise<Context> answeredOn = Promise.promise();
    CountDownLatch asked = new CountDownLatch(1);
    context.runOnContext(
        run -> {
          parts
              .verifier
              .verify(token(EC))
              .onComplete(caller -> answeredOn.complete(Vertx.currentContext()));
          asked.countDown();
        });
    assertTrue(asked.await(5, TimeUnit.SECONDS));
    assertSame(context, Await.value(answeredOn.future()));
  }

  @Test
  void undeploy_thenVerify_keysStayAndNothingHangs() {
    issuer.publish(RSA);
    Parts parts = start(issuer.config(), Duration.ofMillis(50), Duration.ZERO);
    var undeployed = Await.value(Future.all(List.of(vertx.undeploy(parts.deployment))));
    int fetches = issuer.fetches();
    assertFalse(undeployed.failed());
    assertEquals("alice", Await.value(parts.verifier.verify(token(RSA))).username());
    Rejection rejection = (Rejection) Await.failure(parts.verifier.verify(token(EC)));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertEquals(fetches, issuer.fetches());
  }

  private IdentityConfig.Issuer discovering() {
    IdentityConfig.Issuer direct = issuer.config();
    return new IdentityConfig.Issuer(
        direct.name(),
        direct.issuer(),
        Optional.empty(),
        Optional.of(issuer.discovery()),
        direct.audiences(),
        direct.clients(),
        direct.algorithms(),
        direct.rolesClient(),
        direct.trust());
  }

  private double refreshes(String result) {
    return metrics.get("portcullis.jwks.refresh").tag("result", result).counter().count();
  }
}
