package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.SessionConfig;
import io.portcullis.config.SessionConfig.MasterKey;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session changes its handle; its requests do not notice. */
class SessionRotationIT {
  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);
  private final PushHub push = new PushHub();

  private SessionNode node() {
    return node(SessionNode.config());
  }

  private SessionNode node(SessionConfig config) {
    return new SessionNode(REDIS.port(), config, push, issuer, clock);
  }

  /** Past the time for a change, with a token that is still good. */
  private String dueForChange(SessionNode node) {
    String cookie = cookie(node.open(lasting(node.login(issuer), Duration.ofDays(1))));
    clock.advance(Duration.ofHours(4));
    return cookie;
  }

  private NewSession lasting(NewSession login, Duration life) {
    Tokens tokens = new Tokens("lasting", clock.instant().plus(life), "r", Instant.MAX, "i");
    return with(login, tokens, login.level());
  }

  private static NewSession with(NewSession login, Tokens tokens, String level) {
    return new NewSession(
        login.issuer(),
        login.tenant(),
        login.subject(),
        login.username(),
        login.providerSession(),
        tokens,
        login.authenticatedAt(),
        level);
  }

  @Test
  void find_whenDueWhileTheTokenIsRenewed_changesTheHandleAfterwards() {
    try (SessionNode node = node()) {
      Duration life = Duration.ofHours(4).plusMinutes(30);
      String old = cookie(node.open(lasting(node.login(issuer), life)));
      clock.advance(Duration.ofHours(4).minusSeconds(1));
      Promise<Tokens> held = issuer.holdsBack();
      node.find(old);
      Await.until("asked", () -> issuer.asked.size() == 1);
      clock.advance(Duration.ofSeconds(1));
      assertEquals(Optional.empty(), node.find(old).cookie(), "not now");
      held.complete(issuer.next());
      Await.until(
          "both were done",
          () -> {
            OpenSession found = node.find(old);
            return found.cookie().isPresent()
                && found.session().accessToken().equals("access-token-number-1");
          });
      assertEquals(1, issuer.asked.size());
    }
  }

  @Test
  void find_whenDue_changesTheHandleOnceForManyAtATimeOnTwoNodes() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String old = dueForChange(one);
      List<Future<OpenSession>> many =
          IntStream.range(0, 60)
              .mapToObj(i -> (i % 2 == 0 ? one : two).finding(i / 2, old))
              .toList();
      Set<String> cookies =
          many.stream()
              .map(Await::value)
              .flatMap(found -> found.cookie().stream())
              .collect(Collectors.toSet());
      assertEquals(1, cookies.size(), "one new handle, and everybody who is told hears the same");
      String fresh = cookies.iterator().next();
      assertEquals(
          1, one.count("portcullis.sessions.rotated") + two.count("portcullis.sessions.rotated"));
      OpenSession after = two.find(old);
      assertEquals(Optional.of(fresh), after.cookie(), "the old one leads on, and says so");
      assertEquals(Optional.empty(), one.find(fresh).cookie());
      assertEquals("lasting", one.find(fresh).session().accessToken());
      long left = one.redis("PTTL", Handle.recordKey(name(old))).number();
      assertTrue(left > 0 && left <= 30_000, "the alias ends in " + left);
      assertEquals(
          1, Await.value(one.on(0, () -> one.sessions.list(ISSUER, "subject-of-alice"))).size());
    }
  }

  @Test
  void alias_afterItsTime_isGoneAndTheSessionIsNot() {
    SessionConfig quick =
        SessionNode.config(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofMillis(150));
    try (SessionNode node = node(quick)) {
      String old = dueForChange(node);
      String fresh = cookie(node.find(old));
      Await.until(
          "the alias ends", () -> node.redis("EXISTS", Handle.recordKey(name(old))).number() == 0);
      assertEquals("session-unknown", node.refusal(old).reason());
      node.find(fresh);
    }
  }

  @Test
  void touch_ofAnAlias_doesNotProlongIt() {
    try (SessionNode node = node()) {
      String old = dueForChange(node);
      node.find(old);
      assertEquals(0, Await.value(node.on(0, () -> store(node).touch(name(old), 900_000))) ? 1 : 0);
      assertTrue(node.redis("PTTL", Handle.recordKey(name(old))).number() <= 30_000);
    }
  }

  private static SessionStore store(SessionNode node) {
    return new SessionStore(new StateCalls(node.lanes, SessionNode.REDIS));
  }

  @Test
  void end_byEitherHandle_endsBoth() {
    try (SessionNode node = node()) {
      String old = dueForChange(node);
      String fresh = cookie(node.find(old));
      Await.value(node.on(0, () -> node.sessions.end(old)));
      assertEquals("session-unknown", node.refusal(fresh).reason());
      assertEquals("session-unknown", node.refusal(old).reason());
      String again = dueForChange(node);
      String next = cookie(node.find(again));
      assertEquals(
          1, Await.value(node.on(0, () -> node.sessions.endBySubject(ISSUER, "subject-of-alice"))));
      assertEquals("session-unknown", node.refusal(next).reason());
      assertEquals("session-unknown", node.refusal(again).reason());
    }
  }

  @Test
  void end_ofAnAliasByItsName_followsIt() {
    try (SessionNode node = node()) {
      String old = dueForChange(node);
      Handle oldHandle = Handle.parse(old).orElseThrow();
      String fresh = cookie(node.find(old));
      // Somebody read the index before the change, and ends what it named then.
      String index =
          node.keys().stream().filter(key -> key.startsWith("pc:su:")).findFirst().orElseThrow();
      Session session = node.find(fresh).session();
      node.redis("ZADD", index, "99999999999999", IndexMember.of(oldHandle, session).text());
      assertEquals(
          1, Await.value(node.on(0, () -> node.sessions.endBySubject(ISSUER, "subject-of-alice"))));
      assertEquals("session-unknown", node.refusal(fresh).reason());
    }
  }

  @Test
  void rotate_afterAStepUp_leavesTheOldHandleWhatItWasWorth() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      OpenSession before = one.open(one.login(issuer));
      String old = cookie(before);
      two.find(old);
      clock.advance(Duration.ofMinutes(1));
      OpenSession after =
          Await.value(one.on(0, () -> one.sessions.rotate(old, stronger(one.login(issuer)))));
      assertEquals("2", after.session().level());
      assertEquals(before.session().id(), after.session().id());
      assertEquals(before.session().absoluteEnd().plusSeconds(60), after.session().absoluteEnd());
      assertEquals(before.session().created(), after.session().created());
      for (SessionNode node : List.of(one, two)) {
        OpenSession parallel = node.find(old);
        assertEquals("1", parallel.session().level(), "whoever has the old one gained nothing");
        assertEquals("access-token-number-0", parallel.session().accessToken());
        assertEquals(Optional.empty(), parallel.cookie());
        assertEquals("2", node.find(cookie(after)).session().level());
      }
      Await.value(two.on(0, () -> two.sessions.end(cookie(after))));
      assertEquals("session-unknown", one.refusal(old).reason(), "and it ends with the session");
    }
  }

  @Test
  void rotate_withoutANewProof_doesNotProlongTheSession() {
    try (SessionNode node = node()) {
      NewSession login = node.login(issuer);
      OpenSession before = node.open(login);
      clock.advance(Duration.ofMinutes(1));
      OpenSession after =
          Await.value(node.on(0, () -> node.sessions.rotate(cookie(before), login)));
      assertEquals(before.session().absoluteEnd(), after.session().absoluteEnd());
    }
  }

  private static NewSession stronger(NewSession login) {
    Tokens tokens = login.tokens();
    return with(
        login,
        new Tokens("stronger", tokens.accessExpires(), "r", tokens.refreshExpires(), "i"),
        "2");
  }

  @Test
  void rotate_bySomebodyElse_endsTheOldSession() {
    try (SessionNode node = node()) {
      String alice = cookie(node.open(node.login(issuer)));
      OpenSession bob =
          Await.value(
              node.on(0, () -> node.sessions.rotate(alice, node.login(issuer, "bob", "sid-2"))));
      assertEquals("bob", bob.session().subject());
      assertEquals("session-unknown", node.refusal(alice).reason());
      assertEquals(1, node.count("portcullis.sessions.ended", "reason", "replaced"));
      OpenSession fromNothing =
          Await.value(node.on(0, () -> node.sessions.rotate(alice, node.login(issuer))));
      assertNotEquals(alice, cookie(fromNothing));
    }
  }

  @Test
  void masterKey_changed_movesSessionsToTheNewOne() {
    MasterKey first = SessionNode.FIRST_KEY;
    MasterKey second = SessionNode.SECOND_KEY;
    try (SessionNode before = node(SessionNode.config(first));
        SessionNode during = node(SessionNode.config(second, first));
        SessionNode after = node(SessionNode.config(second))) {
      String old = cookie(before.open(before.login(issuer)));
      String moved = cookie(during.find(old));
      assertTrue(moved.startsWith("k2."), moved);
      assertEquals("subject-of-alice", after.find(moved).session().subject());
      assertEquals("session-unknown", after.refusal(old).reason());
      String other = cookie(before.open(before.login(issuer, "bob", "sid-2")));
      assertEquals(
          1,
          Await.value(during.on(0, () -> during.sessions.endByProviderSession(ISSUER, "sid-2"))));
      assertEquals("session-unknown", before.refusal(other).reason());
    }
  }
}
