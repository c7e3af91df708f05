package io.portcullis.identity;

import static io.portcullis.identity.Holding.KEY;
import static io.portcullis.identity.Holding.bound;
import static io.portcullis.identity.Holding.tokenOf;
import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.DpopConfig;
import io.portcullis.config.Secret;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Over time, over nodes, and with the memory of nodes away. */
class DpopVerifierTest {
  private static final String TOKEN = tokenOf(KEY);

  private final Holding node = new Holding();

  @Test
  void authenticate_withoutNonce_challengedAndThenAccepted() {
    String first = node.proof(TOKEN).without("nonce").signed();
    Rejection challenge =
        (Rejection)
            Await.failure(
                node.holders.authenticate(List.of("DPoP " + TOKEN), Sender.proving(first)));
    assertEquals("dpop-nonce-missing", challenge.reason());
    assertTrue(DpopVerifier.isChallenge(challenge));
    assertEquals(
        "alice", node.caller(TOKEN, Sender.proving(node.proof(TOKEN).signed())).username());
    assertEquals(1, node.count("challenged", "dpop-nonce-missing"));
    assertEquals(1, node.count("ok", "none"));
  }

  @Test
  void authenticate_withoutNonceAndKey_refusedNotChallenged() {
    DpopKey thief = DpopKey.of("ES256");
    String forged =
        io.portcullis.testing.TestToken.seal(
            node.proof(TOKEN).without("nonce").input(), thief.key()::sign);
    assertEquals("dpop-signature", node.reason(TOKEN, forged));
  }

  @Test
  void authenticate_nonceThroughItsLife_acceptedForAtLeastHalfAndAtMostAll() {
    String nonce = node.dpop.nonce();
    for (int seconds = 0; seconds <= 60; seconds += 10) {
      Instant now = node.identity.clock.instant();
      String proof = KEY.proof("GET", Sender.TARGET, TOKEN, now).nonce(nonce).signed();
      if (seconds < 30) {
        assertEquals("alice", node.caller(TOKEN, Sender.proving(proof)).username());
      } else if (seconds >= 60) {
        assertEquals("dpop-nonce-stale", node.reason(TOKEN, proof));
      }
      node.identity.clock.advance(Duration.ofSeconds(10));
    }
  }

  @Test
  void authenticate_nonceOfANodeWhoseClockIsAhead_accepted() {
    Holding ahead = new Holding(node.marked);
    ahead.identity.clock.advance(Duration.ofSeconds(35));
    String proof = node.proof(TOKEN).nonce(ahead.dpop.nonce()).signed();
    assertEquals("alice", node.caller(TOKEN, Sender.proving(proof)).username());
  }

  @Test
  void authenticate_nonceOfAnotherKey_challenged() {
    DpopConfig own =
        new DpopConfig(
            Set.of("ES256"), Duration.ofSeconds(30), new Secret(""), Duration.ofSeconds(60));
    Holding random = new Holding(node.marked, own);
    assertEquals(
        "dpop-nonce-stale",
        node.reason(TOKEN, node.proof(TOKEN).nonce(random.dpop.nonce()).signed()));
    Holding another = new Holding(node.marked, own);
    assertFalse(another.dpop.nonce().equals(random.dpop.nonce()), "made up at each start");
  }

  @Test
  void authenticate_iatWithinTheWindow_acceptedToItsEnds() {
    for (long offset : List.of(-30L, -1L, 0L, 1L, 30L)) {
      String proof = node.proof(TOKEN).claim("iat", NOW.getEpochSecond() + offset).signed();
      assertEquals("alice", node.caller(TOKEN, Sender.proving(proof)).username());
    }
  }

  @Test
  void authenticate_usedProof_refusedHereAndOnEveryOtherNode() {
    Holding other = new Holding(node.marked);
    String proof = node.proof(TOKEN).signed();
    assertEquals("alice", node.caller(TOKEN, Sender.proving(proof)).username());
    assertEquals("dpop-replayed", node.reason(TOKEN, proof));
    assertEquals("dpop-replayed", other.reason(TOKEN, proof));
    assertEquals(1, other.count("refused", "dpop-replayed"));
  }

  @Test
  void authenticate_sameIdOfAnotherKey_isAnotherProof() {
    DpopKey second = DpopKey.of("ES256");
    String its = tokenOf(second);
    String one = node.proof(TOKEN).claim("jti", "same").signed();
    String two =
        second
            .proof("GET", Sender.TARGET, its, NOW)
            .nonce(node.dpop.nonce())
            .claim("jti", "same")
            .signed();
    assertEquals("alice", node.caller(TOKEN, Sender.proving(one)).username());
    assertEquals("alice", node.caller(its, Sender.proving(two)).username());
  }

  @Test
  void authenticate_guardAway_byWhatTheNodeItselfHasSeen() {
    Holding other = new Holding(node.marked);
    String before = node.proof(TOKEN).signed();
    assertEquals("alice", node.caller(TOKEN, Sender.proving(before)).username());
    node.guardAway = true;
    other.guardAway = true;
    assertEquals("dpop-replayed", node.reason(TOKEN, before));
    String proof = node.proof(TOKEN).signed();
    assertEquals("alice", node.caller(TOKEN, Sender.proving(proof)).username());
    assertEquals("dpop-replayed", node.reason(TOKEN, proof));
    assertEquals(1, node.count("ok", "replay-guard-local"));
    // What the documents admit: once more on each other node, but only with a nonce of now.
    assertEquals("alice", other.caller(TOKEN, Sender.proving(proof)).username());
    Holding late = new Holding(node.marked);
    late.guardAway = true;
    late.identity.clock.advance(Duration.ofSeconds(60));
    String stale =
        KEY.proof("GET", Sender.TARGET, TOKEN, late.identity.clock.instant())
            .nonce(node.dpop.nonce())
            .signed();
    assertEquals("dpop-nonce-stale", late.reason(TOKEN, stale));
  }

  @Test
  void authenticate_guardAwayAndMemoryFull_unavailableNotAccepted() {
    SeenProofs seen = new SeenProofs(90_000, node.identity.clock);
    for (int i = 0; i < SeenProofs.MAX_PER_GENERATION; i++) {
      assertEquals(SeenProofs.Sight.FIRST, seen.see("id-" + i));
    }
    assertEquals(SeenProofs.Sight.UNKNOWN, seen.see("one more"));
    assertEquals(SeenProofs.Sight.AGAIN, seen.see("id-0"));
    DpopVerifier full =
        new DpopVerifier(
            DpopKey.config(),
            (id, keep) -> io.vertx.core.Future.failedFuture("away"),
            seen,
            node.identity.metrics,
            node.identity.clock);
    HolderVerifier holders = new HolderVerifier(node.identity.verifier, Optional.of(full));
    String proof = node.proof(TOKEN).nonce(full.nonce()).signed();
    Rejection refusal =
        (Rejection)
            Await.failure(holders.authenticate(List.of("DPoP " + TOKEN), Sender.proving(proof)));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refusal.problem());
    assertTrue(refusal.retryAfter().isPresent());
    assertEquals(1, node.count("unavailable", "replay-guard-full"));
  }

  @Test
  void see_afterItsTime_forgottenNotBefore() {
    SeenProofs seen = new SeenProofs(1_000, node.identity.clock);
    assertEquals(SeenProofs.Sight.FIRST, seen.see("a"));
    node.identity.clock.advance(Duration.ofMillis(1_500));
    assertEquals(SeenProofs.Sight.AGAIN, seen.see("a"));
    assertEquals(SeenProofs.Sight.FIRST, seen.see("b"));
    node.identity.clock.advance(Duration.ofSeconds(1));
    assertEquals(SeenProofs.Sight.FIRST, seen.see("a"));
    assertEquals(SeenProofs.Sight.AGAIN, seen.see("b"));
    node.identity.clock.advance(Duration.ofSeconds(5));
    assertEquals(SeenProofs.Sight.FIRST, seen.see("b"));
  }

  @Test
  void authenticate_dpopNotOffered_schemeRefused() {
    HolderVerifier bearer = new HolderVerifier(node.identity.verifier, Optional.empty());
    Rejection refusal =
        (Rejection)
            Await.failure(
                bearer.authenticate(
                    List.of("DPoP " + TOKEN), Sender.proving(node.proof(TOKEN).signed())));
    assertEquals("authorization-scheme", refusal.reason());
  }

  @Test
  void authenticate_keycloaksTypeOfABoundToken_accepted() {
    String token = bound("jkt", KEY.thumbprint()).claim("typ", "DPoP").signed();
    Caller caller = node.caller(token, Sender.proving(node.proof(token).signed()));
    assertEquals(KEY.thumbprint(), caller.credential().binding().orElseThrow().thumbprint());
  }

  @Test
  void authenticate_tokenOfACertificate_withThatCertificateAlone() {
    String token = bound("x5t#S256", "thumb").signed();
    List<String> bearer = List.of("Bearer " + token);
    assertEquals(
        "alice",
        Await.value(node.holders.authenticate(bearer, Sender.withCertificate("thumb"))).username());
    assertEquals("certificate-missing", node.reason("Bearer " + token, Sender.NOBODY));
    assertEquals(
        "certificate-other", node.reason("Bearer " + token, Sender.withCertificate("Thumb")));
    assertEquals("token-unbound", node.reason("DPoP " + token, Sender.withCertificate("thumb")));
    String plain = Identity.token(RSA).signed();
    assertEquals(
        "alice",
        Await.value(
                node.holders.authenticate(
                    List.of("Bearer " + plain), Sender.withCertificate("thumb")))
            .username());
  }

  @Test
  void authenticate_tokenThatDoesNotHold_refusedBeforeItsProof() {
    assertEquals("token-malformed", node.reason("DPoP x", Sender.proving("y")));
    assertEquals(0, node.count("refused", "dpop-malformed"));
    Set<String> marked = ConcurrentHashMap.newKeySet();
    Holding fresh = new Holding(marked);
    assertEquals("dpop-signature", fresh.reason(TOKEN, fresh.proof(TOKEN).signed() + "AAAA"));
    assertEquals(Set.of(), marked, "what is not proved marks nothing");
  }
}
