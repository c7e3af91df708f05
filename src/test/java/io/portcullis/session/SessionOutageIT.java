package io.portcullis.session;

import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.SessionConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Sessions while Redis does not answer, and when it forgets. */
class SessionOutageIT {
  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);
  private final PushHub push = new PushHub();

  @Test
  void redis_stopped_servesFromTheCacheThen503AndRecovers() {
    try (RedisServer redis = RedisServer.start();
        SessionNode node = node(redis, SessionNode.config())) {
      String cookie = cookie(node.open(node.login(issuer)));
      String other = cookie(node.open(node.login(issuer, "subject-of-alice", "sid-2")));
      node.find(cookie);
      redis.signal("STOP");
      assertEquals("subject-of-alice", node.find(cookie).session().subject());
      assertAway(node.finding(0, other));
      Await.until(
          "the cache ends",
          () -> !Await.value(node.finding(0, cookie).map(found -> true).otherwise(false)));
      assertAway(node.finding(0, cookie));
      assertAway(node.finding(1, Handle.random("k1").cookie()));
      assertAway(node.on(0, () -> node.sessions.open(node.login(issuer))));
      assertAway(node.on(0, () -> node.sessions.end(cookie)));
      clock.advance(FakeIssuer.ACCESS_LIFE);
      assertAway(node.finding(0, cookie));
      assertTrue(issuer.asked.isEmpty(), "without the lock nobody asks the issuer");
      redis.signal("CONT");
      Await.until(
          "recovered",
          () -> Await.value(node.finding(0, cookie).map(found -> true).otherwise(false)));
      assertTrue(node.trail.isEmpty());
    }
  }

  private SessionNode node(RedisServer redis, SessionConfig config) {
    return new SessionNode(
        redis.port(), config, push, issuer, clock, SessionNode.timing(Duration.ofSeconds(1)));
  }

  private static void assertAway(Future<?> answer) {
    Rejection rejection = (Rejection) Await.failure(answer);
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem(), rejection.reason());
    assertTrue(rejection.retryAfter().isPresent());
  }

  @Test
  void redis_stoppedWhenTheIssuerAnswers_keepsTheAnswerInHand() {
    try (RedisServer redis = RedisServer.start();
        SessionNode node = node(redis, SessionNode.config())) {
      String cookie = cookie(node.open(node.login(issuer)));
      clock.advance(FakeIssuer.ACCESS_LIFE);
      Promise<Tokens> held = issuer.holdsBack();
      Future<OpenSession> waiting = node.finding(0, cookie);
      Await.until("asked", () -> issuer.asked.size() == 1);
      redis.signal("STOP");
      held.complete(issuer.next());
      Await.until("Redis is known to be away", () -> !node.lanes.status().up());
      redis.signal("CONT");
      assertEquals("access-token-number-1", Await.value(waiting).session().accessToken());
      assertEquals(1, issuer.asked.size());
    }
  }

  @Test
  void redis_slowerThanItsDeadline_failsNobodyWhoWaitsForAnotherNode() {
    RefreshTiming hasty = SessionNode.timing(Duration.ofMillis(300));
    try (RedisServer redis = RedisServer.start();
        SessionNode one = new SessionNode(redis.port(), SessionNode.config(), push, issuer, clock);
        SessionNode two =
            new SessionNode(redis.port(), SessionNode.config(), push, issuer, clock, hasty)) {
      String cookie = cookie(one.open(one.login(issuer)));
      clock.advance(FakeIssuer.ACCESS_LIFE);
      Promise<Tokens> held = issuer.holdsBack();
      Future<OpenSession> first = one.finding(0, cookie);
      Await.until("asked", () -> issuer.asked.size() == 1);
      List<Future<OpenSession>> waiting =
          IntStream.range(0, 20).mapToObj(i -> two.finding(i % 2, cookie)).toList();
      Await.until(
          "the second node looks for what the first one does",
          () -> two.meters.get("portcullis.redis.call").timer().count() > 3);
      redis.signal("STOP");
      Await.until(
          "two deadlines are missed",
          () -> two.meters.get("portcullis.redis.failures").counter().count() >= 2);
      redis.signal("CONT");
      held.complete(issuer.next());
      assertEquals("access-token-number-1", Await.value(first).session().accessToken());
      for (Future<OpenSession> answer : waiting) {
        assertEquals("access-token-number-1", Await.value(answer).session().accessToken());
      }
      assertEquals(1, issuer.asked.size());
    }
  }

  @Test
  void redis_full_prolongsNoSessionWithoutItsIndexes() {
    try (RedisServer redis = RedisServer.start();
        SessionNode node =
            new SessionNode(redis.port(), SessionNode.config(), push, issuer, clock)) {
      String cookie = cookie(node.open(node.login(issuer)));
      String record = Handle.recordKey(name(cookie));
      node.redis("PEXPIRE", record, "60000");
      node.find(cookie);
      Await.until("it is prolonged", () -> node.redis("PTTL", record).number() > 60_000);
      node.keys().forEach(key -> node.redis("PEXPIRE", key, "60000"));
      redis.command("CONFIG", "SET", "maxmemory", "1");
      push.gap();
      node.find(cookie);
      Await.until(
          "Redis says that it is full",
          () -> node.redis("INFO", "errorstats").text().contains("errorstat_OOM"));
      for (String key : node.keys()) {
        long life = node.redis("PTTL", key).number();
        assertTrue(
            life >= node.redis("PTTL", record).number(), key + " ends before the session does");
      }
    }
  }

  @Test
  void timeouts_shortOnes_leaveNothingBehind() {
    SessionConfig quick =
        SessionNode.config(Duration.ofSeconds(5), Duration.ofSeconds(6), Duration.ofMillis(200));
    try (RedisServer redis = RedisServer.start();
        SessionNode node = new SessionNode(redis.port(), quick, push, issuer, clock)) {
      String idle = cookie(node.open(node.login(issuer)));
      String used = cookie(node.open(node.login(issuer, "bob", "sid-2")));
      node.redis("PEXPIRE", Handle.recordKey(name(idle)), "1");
      Await.until(
          "the idle one ends",
          () -> node.redis("EXISTS", Handle.recordKey(name(idle))).number() == 0);
      assertEquals("session-unknown", node.refusal(idle).reason());
      node.find(used);
      Await.value(node.on(0, () -> node.sessions.rotate(used, node.login(issuer, "bob", "sid-2"))));
      for (String key : node.keys()) {
        // An alias may be gone by now; what is there has an end.
        assertNotEquals(-1, node.redis("PTTL", key).number(), key);
        node.redis("PEXPIRE", key, "1");
      }
      Await.until("nothing is left", () -> node.redis("DBSIZE").number() == 0);
    }
  }
}
