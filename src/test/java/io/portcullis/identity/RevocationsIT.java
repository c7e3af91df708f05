package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.identity.Revocation.Kind;
import io.portcullis.identity.RevocationStatus.Mode;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.RedisUsers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Revocations of several nodes over a real Redis that loses messages, goes away and forgets. */
final class RevocationsIT {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration RECOVERY = Duration.ofSeconds(15);

  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  private static RevocationNode node() {
    return new RevocationNode(REDIS.port()).startConnected();
  }

  @Test
  void revoke_onOneNode_holdsThereAtOnceAndOnAnotherWithinASecond() {
    try (RevocationNode one = node();
        RevocationNode two = node()) {
      one.revoke(Kind.USER, "bob");
      assertTrue(one.revocations.revoked(RevocationNode.caller("bob")));
      two.awaitRevoked("bob", SECOND);
      assertFalse(two.revocations.revoked(RevocationNode.caller("alice")));
      assertEquals(1, two.changes.get());
      one.revoke(Kind.USER, "bob");
      assertFalse(
          two.revocations.revoked(
              RevocationNode.caller("bob", Instant.now().plusSeconds(2), SECOND)),
          "what is issued later is good");
      assertEquals(1, two.meters.get("portcullis.revocation.delay").timer().count());
    }
  }

  @Test
  void push_lost_costsLessThanASecond() {
    try (RevocationNode one = node();
        RevocationNode two = node()) {
      for (int round = 0; round < 3; round++) {
        REDIS.command("CLIENT", "KILL", "TYPE", "pubsub");
        one.revoke(Kind.USER, "bob-" + round);
        two.awaitRevoked("bob-" + round, SECOND);
      }
    }
  }

  @Test
  void command_withoutANode_reachesTheNodes() {
    try (RevocationNode node = node();
        RevocationNode command = new RevocationNode(REDIS.port())) {
      Await.value(command.store.add(new Revocation(Kind.ALL, "", "", Instant.now(), "everybody")));
      node.awaitRevoked("anybody", SECOND);
    }
  }

  @Test
  void redis_away_keepsTheList_andRefusesToRevoke() {
    try (RevocationNode node = node()) {
      node.revoke(Kind.USER, "bob");
      REDIS.server().signal("KILL");
      try {
        Await.failure(node.store.read(0, 0));
        node.later(Duration.ofSeconds(4));
        assertEquals(Mode.STALE, node.revocations.status().mode());
        assertTrue(node.revocations.revoked(RevocationNode.caller("bob")));
        assertFalse(node.revocations.revoked(RevocationNode.caller("alice")));
        Rejection refused =
            (Rejection)
                Await.failure(
                    node.revocations.revoke(
                        new Revocation(Kind.USER, "", "eve", Instant.now(), "")));
        assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refused.problem());
        assertFalse(node.revocations.covers(RevocationNode.caller("eve")));
      } finally {
        REDIS.server().restart();
      }
      // It came back with nothing; the node that knows puts it back for the others.
      Await.until(() -> inStore() == 1, RECOVERY, () -> inStore() + " in the store");
      try (RevocationNode late = node()) {
        assertTrue(late.revocations.revoked(RevocationNode.caller("bob")), "a node that starts");
      }
    }
  }

  @Test
  void node_thatNeverReadTheList_answers503() {
    REDIS.server().signal("KILL");
    try (RevocationNode node = new RevocationNode(REDIS.port()).start()) {
      Rejection unknown =
          assertThrows(
              Rejection.class, () -> node.revocations.revoked(RevocationNode.caller("alice")));
      assertEquals(Problem.DEPENDENCY_UNAVAILABLE, unknown.problem());
      assertEquals("state-unavailable", unknown.reason());
      assertEquals(Mode.UNAVAILABLE, node.revocations.status().mode());
      REDIS.server().restart();
      Await.until(() -> node.revocations.status().mode() == Mode.FRESH, RECOVERY, () -> "not read");
      assertFalse(node.revocations.revoked(RevocationNode.caller("alice")));
    } finally {
      if (!REDIS.command("PING").equals("+PONG")) {
        REDIS.server().restart();
      }
    }
  }

  @Test
  void start_readsPageAfterPage_andEveryKeyHasATtl() {
    try (RevocationNode first = node()) {
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < 2_500; i++) {
        texts.add(new Revocation(Kind.SESSION, "", "s" + i, Instant.now(), "").text());
      }
      for (int from = 0; from < texts.size(); from += RevocationStore.PAGE) {
        Await.value(
            first.store.add(
                texts.subList(from, Math.min(texts.size(), from + RevocationStore.PAGE))));
      }
      try (RevocationNode late = node()) {
        assertEquals(2_500, late.revocations.status().entries());
      }
      Await.until("polled", () -> first.revocations.status().entries() == 2_500);
      long ttl = Long.parseLong(REDIS.command("EVAL", TTL_OF_ALL, "0").substring(1));
      assertTrue(ttl > 3_600_000 && ttl < 2 * 3_600_000, "TTL " + ttl);
      Rejection full =
          (Rejection) Await.failure(first.store.add(texts.stream().map(t -> t + " ").toList()));
      assertEquals("revocations-full", full.reason());
    }
  }

  @Test
  void rightsInContainers_areEnough() {
    // Nodes of these tests use another database than 0.
    RedisUsers.install(REDIS.server(), "state", "portcullis", "a-password-of-1", "+select");
    REDIS.command("ACL", "LOG", "RESET");
    try (RevocationNode one = restricted();
        RevocationNode two = restricted()) {
      one.revoke(Kind.USER, "bob");
      two.awaitRevoked("bob", SECOND);
      RedisReplayGuard guard = new RedisReplayGuard(one.lanes);
      assertTrue(Await.value(guard.first("proof", Duration.ofSeconds(9))));
      assertFalse(Await.value(guard.first("proof", Duration.ofSeconds(9))));
    }
    assertEquals("*0", REDIS.command("ACL", "LOG"), "refused to the user");
  }

  private static RevocationNode restricted() {
    return new RevocationNode(REDIS.port(), "portcullis", "a-password-of-1").startConnected();
  }

  @Test
  void tokenThatOutlivesItsRevocation_isRefused() {
    try (RevocationNode node = node()) {
      Rejection refused =
          assertThrows(
              Rejection.class,
              () ->
                  node.revocations.revoked(
                      RevocationNode.caller("bob", Instant.now(), Duration.ofMinutes(61))));
      assertEquals("token-lives-too-long", refused.reason());
      assertFalse(
          node.revocations.revoked(
              RevocationNode.caller("bob", Instant.now(), Duration.ofMinutes(60))));
    }
  }

  @Test
  void revoke_aTimeToCome_isRefused() {
    try (RevocationNode node = node()) {
      Revocation future =
          new Revocation(Kind.ALL, "", "", Instant.now().plusSeconds(5), "too early");
      Rejection refused = (Rejection) Await.failure(node.revocations.revoke(future));
      assertEquals(Problem.INVALID_REQUEST, refused.problem());
    }
  }

  /** The least time to live of all keys of database 1, in one line. */
  private static final String TTL_OF_ALL =
      "\"redis.call('SELECT', 1) local least = 9e15 "
          + "for _, key in ipairs(redis.call('KEYS', '*')) do "
          + "least = math.min(least, redis.call('PTTL', key)) end return least\"";

  private static long inStore() {
    String card =
        REDIS.command(
            "EVAL", "\"redis.call('SELECT',1);return redis.call('ZCARD','pc:revoked')\"", "0");
    return Long.parseLong(card.substring(1));
  }
}
