package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.SessionConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tokens are renewed once, whoever asks, and nobody is logged out by an outage. */
class SessionRefreshIT {
  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  /** A watchdog that does not come before its lock is over: as if its owner had stopped. */
  private static final RefreshTiming DEAD_WATCHDOG =
      locks(Duration.ofMillis(300), Duration.ofHours(1));

  private static RefreshTiming locks(Duration life, Duration renewal) {
    return new RefreshTiming(
        SessionNode.REDIS,
        life,
        renewal,
        Duration.ofMillis(50),
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofMillis(300),
        Duration.ofSeconds(2));
  }

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);
  private final PushHub push = new PushHub();

  private SessionNode node() {
    return new SessionNode(REDIS.port(), SessionNode.config(), push, issuer, clock);
  }

  /** Its requests wait for as long as a busy machine may take. */
  private SessionNode patient(RefreshTiming timing) {
    return new SessionNode(
        REDIS.port(), SessionNode.config(1000, PATIENCE), push, issuer, clock, timing);
  }

  private String openAndExpire(SessionNode node) {
    String cookie = cookie(node.open(node.login(issuer)));
    clock.advance(FakeIssuer.ACCESS_LIFE);
    return cookie;
  }

  private static List<Future<OpenSession>> many(int count, String cookie, SessionNode... nodes) {
    return IntStream.range(0, count)
        .mapToObj(i -> nodes[i % nodes.length].finding(i / nodes.length, cookie))
        .toList();
  }

  @Test
  void find_manyAtExpiryWithASlowIssuerOnTwoNodes_refreshesOnceAndServesAll() {
    try (SessionNode one = patient(SessionNode.TIMING);
        SessionNode two = patient(SessionNode.TIMING)) {
      String cookie = openAndExpire(one);
      issuer.answers(
          token ->
              Future.<Void>future(slow -> one.vertx.setTimer(5_000, due -> slow.complete()))
                  .map(done -> issuer.next()));
      long begin = System.nanoTime();
      List<Future<OpenSession>> answers = many(200, cookie, one, two);
      for (Future<OpenSession> answer : answers) {
        OpenSession found = Await.value(answer, PATIENCE);
        assertEquals("access-token-number-1", found.session().accessToken());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertEquals(List.of("refresh-token-number-0"), issuer.asked);
      assertTrue(took.compareTo(Duration.ofSeconds(5)) >= 0, "waited " + took);
      assertEquals(
          1, one.keys().stream().filter(key -> key.startsWith("pc:s:")).count(), "one record");
    }
  }

  @Test
  void find_manyAtExpiryOnOneNode_refreshesOnceAndServesAll() {
    try (SessionNode node = node()) {
      String cookie = openAndExpire(node);
      Promise<Tokens> held = issuer.holdsBack();
      List<Future<OpenSession>> answers = many(200, cookie, node);
      Await.until("asked", () -> issuer.asked.size() == 1);
      held.complete(issuer.next());
      answers.forEach(answer -> Await.value(answer));
      assertEquals(1, issuer.asked.size());
      assertEquals(1, node.count("portcullis.sessions.refresh", "result", "ok"));
      Await.until(
          "the lock is given back",
          () -> node.redis("EXISTS", Handle.lockKey(name(cookie))).number() == 0);
    }
  }

  @Test
  void find_whenThePushIsLost_seesTheOtherNodesRefreshByLooking() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String cookie = openAndExpire(one);
      push.loses = true;
      Promise<Tokens> held = issuer.holdsBack();
      List<Future<OpenSession>> answers = many(4, cookie, one, two);
      Await.until("asked", () -> issuer.asked.size() == 1);
      held.complete(issuer.next());
      for (Future<OpenSession> answer : answers) {
        assertEquals("access-token-number-1", Await.value(answer).session().accessToken());
      }
      assertEquals(1, issuer.asked.size());
    }
  }

  @Test
  void find_inTheLastQuarter_isServedAtOnceAndRenewsBeside() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      clock.advance(Duration.ofMinutes(3).plusSeconds(44));
      node.find(cookie);
      clock.advance(Duration.ofSeconds(31));
      Promise<Tokens> held = issuer.holdsBack();
      for (int i = 0; i < 5; i++) {
        assertEquals("access-token-number-0", node.find(cookie).session().accessToken());
      }
      Await.until("asked beside", () -> issuer.asked.size() == 1);
      held.complete(issuer.next());
      Await.until("renewed", () -> node.find(cookie).session().accessToken().endsWith("number-1"));
      assertEquals(1, issuer.asked.size());
    }
  }

  @Test
  void find_whenTheIssuerRefuses_endsTheSessionAndSaysSo() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String cookie = openAndExpire(one);
      issuer.answers(
          token ->
              Future.failedFuture(
                  Rejection.of(Problem.UNAUTHENTICATED, "invalid-grant", "Refused.")));
      for (Future<OpenSession> answer : many(20, cookie, one, two)) {
        Rejection rejection = SessionNode.refusal(answer);
        assertEquals(Problem.UNAUTHENTICATED, rejection.problem(), rejection.reason());
      }
      assertEquals("session-unknown", two.refusal(cookie).reason());
      assertEquals(1, issuer.asked.size());
      List<SessionTrail.Ended> trail =
          Stream.concat(one.trail.stream(), two.trail.stream()).toList();
      assertEquals(1, trail.size());
      assertEquals("refresh-refused", trail.getFirst().reason());
      assertEquals("subject-of-alice", trail.getFirst().subject());
    }
  }

  @Test
  void find_withoutARefreshTokenAtExpiry_endsTheSession() {
    try (SessionNode node = node()) {
      NewSession login = node.login(issuer);
      Tokens once =
          new Tokens("once", clock.instant().plusSeconds(60), "", Instant.MAX, "id-token");
      String cookie =
          cookie(
              node.open(
                  new NewSession(
                      login.issuer(), "", "carol", "carol", "", once, clock.instant(), "")));
      assertEquals("once", node.find(cookie).session().accessToken());
      clock.advance(Duration.ofSeconds(60));
      assertEquals("session-ended", node.refusal(cookie).reason());
      assertEquals("refresh-expired", node.trail.getFirst().reason());
      assertTrue(issuer.asked.isEmpty());
    }
  }

  @Test
  void find_whileTheIssuerIsAway_is503AndSparesItAndGoesOnAfterwards() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String cookie = openAndExpire(one);
      issuer.answers(token -> Future.failedFuture(new IllegalStateException("away")));
      for (int i = 0; i < 40; i++) {
        Rejection rejection = (i % 2 == 0 ? one : two).refusal(cookie);
        assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
        assertTrue(rejection.retryAfter().isPresent());
      }
      // Each node closes its gate after three failures, and the clock stands still.
      assertTrue(issuer.asked.size() <= 6, "asked " + issuer.asked.size() + " times");
      assertTrue(one.trail.isEmpty() && two.trail.isEmpty(), "nobody was logged out");
      issuer.answers(token -> Future.succeededFuture(issuer.next()));
      clock.advance(Duration.ofSeconds(10));
      Await.until(
          "it goes on by itself",
          () -> Await.value(two.finding(0, cookie).map(found -> true).otherwise(false)));
    }
  }

  @Test
  void refresh_whenItsOwnerDies_isTakenOverAndTheLateAnswerIsNotStored() {
    FakeIssuer slow = new FakeIssuer(clock);
    try (SessionNode dying =
            new SessionNode(REDIS.port(), SessionNode.config(), push, slow, clock, DEAD_WATCHDOG);
        SessionNode other = node()) {
      String cookie = openAndExpire(dying);
      Promise<Tokens> late = slow.holdsBack();
      Future<OpenSession> waiting = dying.finding(0, cookie);
      Await.until("asked", () -> slow.asked.size() == 1);
      Promise<Tokens> second = issuer.holdsBack();
      Future<OpenSession> taking = other.finding(0, cookie);
      Await.until("taken over when the lock ended", () -> issuer.asked.size() == 1);
      late.complete(new Tokens("late", clock.instant().plusSeconds(300), "l", Instant.MAX, ""));
      Await.until(
          "fenced", () -> dying.count("portcullis.sessions.refresh", "result", "fenced") == 1);
      second.complete(issuer.next());
      assertEquals("access-token-number-1", Await.value(taking).session().accessToken());
      assertEquals("access-token-number-1", Await.value(waiting).session().accessToken());
      assertEquals("access-token-number-1", dying.find(cookie).session().accessToken());
    }
  }

  @Test
  void watchdog_keepsTheLockOfASlowRefresh() {
    RefreshTiming quick = locks(Duration.ofSeconds(5), Duration.ofMillis(100));
    try (SessionNode one = patient(quick);
        SessionNode two = patient(quick)) {
      String cookie = openAndExpire(one);
      Promise<Tokens> held = issuer.holdsBack();
      List<Future<OpenSession>> answers = many(2, cookie, one, two);
      Await.until("asked", () -> issuer.asked.size() == 1);
      long until = System.nanoTime() + Duration.ofSeconds(6).toNanos();
      Await.until("longer than a lock's life", () -> System.nanoTime() > until);
      assertEquals(1, issuer.asked.size());
      held.complete(issuer.next());
      answers.forEach(answer -> Await.value(answer));
    }
  }

  @Test
  void find_beyondTheBoundOfWaiting_isOverloaded() {
    SessionConfig few = SessionNode.config(3, Duration.ofSeconds(3));
    try (SessionNode node = new SessionNode(REDIS.port(), few, push, issuer, clock)) {
      String cookie = openAndExpire(node);
      Promise<Tokens> held = issuer.holdsBack();
      List<Future<OpenSession>> answers = many(10, cookie, node);
      List<Rejection> rejections = answers.stream().map(SessionNode::refusal).toList();
      assertEquals(
          7, rejections.stream().filter(one -> one.problem() == Problem.OVERLOADED).count());
      assertEquals(
          3, rejections.stream().filter(one -> one.reason().equals("session-not-renewed")).count());
      held.complete(issuer.next());
      Await.until(
          "what came too late for them is there for the next",
          () -> Await.value(node.finding(0, cookie).map(found -> true).otherwise(false)));
      assertEquals(1, issuer.asked.size());
    }
  }

  @Test
  void refresh_ofASessionThatEndedMeanwhile_doesNotBringItBack() {
    try (SessionNode node = node()) {
      String cookie = openAndExpire(node);
      Promise<Tokens> held = issuer.holdsBack();
      Future<OpenSession> waiting = node.finding(0, cookie);
      Await.until("asked", () -> issuer.asked.size() == 1);
      Await.value(
          node.on(1, () -> node.sessions.endByProviderSession(ISSUER, "sid-of-the-provider")));
      held.complete(issuer.next());
      assertEquals("session-unknown", SessionNode.refusal(waiting).reason());
      assertEquals("session-unknown", node.refusal(cookie).reason());
    }
  }
}
