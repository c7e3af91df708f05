package io.portcullis.identity;

import static io.portcullis.identity.Identity.EC;
import static io.portcullis.identity.Identity.RSA;
import static io.portcullis.identity.Identity.signingKeys;
import static io.portcullis.identity.Identity.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.IdentityConfig;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When keys are fetched, and what is answered meanwhile; the clock is moved by hand. */
class IssuerKeysTest {
  private static final Duration FLOOR = Duration.ofSeconds(10);

  private final Identity identity = new Identity(RSA);

  @Test
  void verify_newKeyAfterRotation_fetchedOnce() {
    identity.publish(RSA, EC);
    identity.clock.advance(FLOOR);
    assertEquals("alice", identity.caller(token(EC).signed()).username());
    assertEquals("alice", identity.caller(token(RSA).signed()).username());
    assertEquals(2, identity.fetches.get());
  }

  @Test
  void verify_unknownKeyWithinTheFloor_refusedWithoutAFetch() {
    assertEquals("key-unknown", identity.refusal(token(EC).signed()));
    assertEquals(1, identity.fetches.get());
  }

  @Test
  void verify_randomKeyIds_oneFetchPerFloor() {
    for (int i = 0; i < 500; i++) {
      identity.clock.advance(Duration.ofMillis(100));
      assertEquals("key-unknown", identity.refusal(token(RSA).header("kid", "x" + i).signed()));
    }
    assertEquals(1 + 5, identity.fetches.get());
  }

  @Test
  void verify_sameUnknownKeyId_fetchedOncePerTimeToLive() {
    identity.clock.advance(FLOOR);
    String token = token(EC).claim("exp", Identity.NOW.getEpochSecond() + 1000).signed();
    for (int second = 0; second < 60; second++) {
      assertEquals("key-unknown", identity.refusal(token));
      identity.clock.advance(Duration.ofSeconds(1));
    }
    assertEquals(2, identity.fetches.get());
    assertEquals("key-unknown", identity.refusal(token));
    assertEquals(3, identity.fetches.get());
  }

  @Test
  void verify_keyPublishedAfterItWasUnknown_knownAtTheNextRefresh() {
    identity.clock.advance(FLOOR);
    String token = token(EC).signed();
    assertEquals("key-unknown", identity.refusal(token));
    identity.publish(RSA, EC);
    var unused = Await.value(identity.issuer.refresh());
    assertEquals("alice", identity.caller(token).username());
  }

  @Test
  void verify_unknownKeyWhileTheIssuerIsAway_unavailableNotRefused() {
    identity.publish();
    identity.clock.advance(FLOOR);
    for (int i = 0; i < 50; i++) {
      Rejection rejection = identity.rejection(token(RSA).header("kid", "x" + i).signed());
      assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
      assertEquals("identity-provider-unavailable", rejection.reason());
    }
    assertEquals(2, identity.fetches.get());
    assertEquals("alice", identity.caller(token(RSA).signed()).username());
    assertEquals(50, identity.count("portcullis.auth", "result", "unavailable"));
  }

  @Test
  void verify_manyWaitForOneFetch_oneFetchAnswersAll() {
    Promise<List<SigningKey>> slow = Promise.promise();
    identity.fetchWith(slow.future());
    identity.clock.advance(FLOOR);
    List<Future<Caller>> waiting = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      waiting.add(identity.verifier.verify(token(EC).claim("jti", "j" + i).signed()));
    }
    String unknown = token(RSA).header("kid", "unknown").signed();
    Future<Caller> stranger = identity.verifier.verify(unknown);
    assertEquals(2, identity.fetches.get());
    assertFalse(waiting.getFirst().isComplete());
    slow.complete(signingKeys(RSA, EC));
    waiting.forEach(each -> assertEquals("alice", Await.value(each).username()));
    assertEquals("key-unknown", ((Rejection) Await.failure(stranger)).reason());
    assertEquals(2, identity.fetches.get());
  }

  @Test
  void verify_moreWaitThanAllowed_restIsTurnedAwayAtOnce() {
    Promise<List<SigningKey>> slow = Promise.promise();
    identity.fetchWith(slow.future());
    identity.clock.advance(FLOOR);
    for (int i = 0; i < 1000; i++) {
      assertFalse(identity.issuer.refreshFor("kid" + i).isComplete());
    }
    Future<KeySet> late = identity.issuer.refreshFor("late");
    assertTrue(late.isComplete());
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, ((Rejection) late.cause()).problem());
    slow.fail("away");
    assertEquals(2, identity.fetches.get());
  }

  @Test
  void verify_neverFetched_unavailableUntilTheIssuerAnswers() {
    Identity cold = new Identity();
    String token = token(RSA).signed();
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, cold.rejection(token).problem());
    assertEquals(KeyStatus.Mode.UNAVAILABLE, cold.keys.status().getFirst().mode());
    assertEquals(Optional.empty(), cold.keys.status().getFirst().age());
    cold.publish(RSA);
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, cold.rejection(token).problem());
    cold.clock.advance(FLOOR);
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, cold.rejection(token).problem());
    assertEquals("alice", cold.caller(token).username());
  }

  @Test
  void verify_malformedTokenWithoutKeys_stillTheCallersFault() {
    Identity cold = new Identity();
    assertEquals("token-malformed", cold.refusal("a.b.c"));
    assertEquals("algorithm-refused", cold.refusal(token(RSA).header("alg", "none").signed()));
  }

  @Test
  void status_issuerAway_freshThenStaleThenUnavailable() {
    String token = token(RSA).claim("exp", Identity.NOW.getEpochSecond() + 10_000).signed();
    assertEquals(KeyStatus.Mode.FRESH, status().mode());
    identity.publish();
    identity.clock.advance(Duration.ofMinutes(30));
    var failure = Await.failure(identity.issuer.refresh());
    assertEquals("away", failure.getMessage());
    assertEquals(
        new KeyStatus("main", KeyStatus.Mode.STALE, Optional.of(Duration.ofMinutes(30)), 1),
        status());
    assertEquals("alice", identity.caller(token).username());
    identity.clock.advance(Duration.ofMinutes(31));
    assertEquals(KeyStatus.Mode.UNAVAILABLE, status().mode());
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, identity.rejection(token).problem());
    identity.publish(RSA);
    var unused = Await.value(identity.issuer.refresh());
    assertEquals(KeyStatus.Mode.FRESH, status().mode());
    assertEquals("alice", identity.caller(token).username());
  }

  @Test
  void refresh_emptySet_failsAndKeepsTheOldKeys() {
    identity.fetchWith(Future.succeededFuture(List.of()));
    var unused = Await.failure(identity.issuer.refresh());
    assertEquals(KeyStatus.Mode.STALE, status().mode());
    assertEquals("alice", identity.caller(token(RSA).signed()).username());
  }

  @Test
  void refresh_fetcherThrows_failsAndCanBeTriedAgain() {
    identity.issuer.fetchWith(
        () -> {
          throw new IllegalStateException("a bug");
        });
    var unused = Await.failure(identity.issuer.refresh());
    identity.publish(RSA, EC);
    assertEquals(2, Await.value(identity.issuer.refresh()).size());
  }

  @Test
  void verify_clockSetBack_floorDoesNotHoldForever() {
    identity.publish(RSA, EC);
    identity.clock.advance(Duration.ofHours(-2));
    String token =
        new io.portcullis.testing.TestToken(Identity.ISSUER, EC, identity.clock.instant()).signed();
    assertEquals("alice", identity.caller(token).username());
  }

  @Test
  void verify_twoKeysWithOneId_chosenByTypeOrNotAtAll() {
    Identity shared = new Identity(RSA.as("same", "RS256"), EC.as("same", "ES256"));
    assertEquals("alice", shared.caller(token(EC.as("same", "ES256")).signed()).username());
    TestKey other = TestKey.of("same", "ES256");
    Identity twins = new Identity(EC.as("same", "ES256"), other);
    assertEquals("key-mismatch", twins.refusal(token(other).signed()));
  }

  @Test
  void signingKeys_senselessConfiguration_refused() {
    IdentityConfig.Issuer good = Identity.issuer(Set.of());
    assertThrows(
        IllegalArgumentException.class,
        () -> new SigningKeys(Identity.config(good, good), identity.clock));
    for (String algorithm : List.of("none", "HS256", "rs256", "")) {
      var weak =
          new IdentityConfig.Issuer(
              "weak",
              "https://weak.example",
              Optional.empty(),
              Optional.empty(),
              Set.of("a"),
              Set.of(),
              Set.of(algorithm),
              "",
              Optional.empty());
      assertThrows(
          IllegalArgumentException.class,
          () -> new SigningKeys(Identity.config(weak), identity.clock));
    }
  }

  private KeyStatus status() {
    return identity.keys.status().getFirst();
  }
}
