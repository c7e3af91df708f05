package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.TestClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of sessions in a real Redis: begin, use, end; what is refused. */
class SessionsIT {
  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);
  private final PushHub push = new PushHub();

  private SessionNode node() {
    return new SessionNode(REDIS.port(), SessionNode.config(), push, issuer, clock);
  }

  @Test
  void find_ofAnOpenSession_givesItBackWholeFromBothNodes() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      OpenSession opened = one.open(one.login(issuer));
      for (SessionNode node : List.of(one, two, two)) {
        OpenSession found = node.find(cookie(opened));
        assertEquals(opened.session(), found.session());
        assertEquals(Optional.empty(), found.cookie());
      }
      assertEquals(1, two.count("portcullis.sessions.reads"), "the second came from the cache");
      assertEquals("access-token-number-0", opened.session().accessToken());
      assertEquals(Duration.ofHours(12), between(opened.session()));
      assertTrue(cookie(opened).matches("k1\\.[A-Za-z0-9_-]{43}"), cookie(opened));
    }
  }

  private static Duration between(Session session) {
    return Duration.between(session.created(), session.absoluteEnd());
  }

  @Test
  void find_ofAnythingElse_isUnauthenticated() {
    try (SessionNode node = node()) {
      String right = cookie(node.open(node.login(issuer)));
      String other = right.substring(0, right.length() - 2) + (right.endsWith("AA") ? "BA" : "AA");
      for (String cookie :
          List.of(
              "",
              "k1",
              right + "=",
              " " + right,
              right.substring(1),
              "k9" + right.substring(2),
              Handle.random("k1").cookie(),
              other,
              right.replace("k1.", ""),
              "k1." + name(right))) {
        assertEquals("session-unknown", node.refusal(cookie).reason(), cookie);
        assertEquals(Problem.UNAUTHENTICATED, node.refusal(cookie).problem());
      }
    }
  }

  @Test
  void end_byTheBrowser_endsItOnEveryNodeAtOnce() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String cookie = cookie(one.open(one.login(issuer)));
      two.find(cookie);
      Optional<Session> ended = Await.value(one.on(0, () -> one.sessions.end(cookie)));
      assertEquals("id-token-number-0", ended.orElseThrow().idToken());
      assertEquals("session-unknown", two.refusal(cookie).reason(), "evicted by push");
      assertEquals("session-unknown", one.refusal(cookie).reason());
      assertEquals(Optional.empty(), Await.value(one.on(0, () -> one.sessions.end(cookie))));
      assertEquals(1, one.count("portcullis.sessions.ended", "reason", "logout"));
      Await.until("the indexes are empty too", () -> one.keys().isEmpty());
    }
  }

  @Test
  void end_whenThePushIsLost_holdsAfterTheCache() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String cookie = cookie(one.open(one.login(issuer)));
      two.find(cookie);
      push.loses = true;
      Await.value(one.on(0, () -> one.sessions.end(cookie)));
      two.find(cookie);
      push.gap();
      assertEquals("session-unknown", two.refusal(cookie).reason(), "a gap empties the cache");
    }
  }

  @Test
  void endByProviderSession_endsExactlyThose() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      String mine = cookie(one.open(one.login(issuer, "alice", "sid-1")));
      String otherSid = cookie(one.open(one.login(issuer, "alice", "sid-2")));
      String otherPerson = cookie(one.open(one.login(issuer, "bob", "sid-3")));
      two.find(mine);
      assertEquals(
          1, Await.value(one.on(0, () -> one.sessions.endByProviderSession(ISSUER, "sid-1"))));
      assertEquals("session-unknown", two.refusal(mine).reason());
      assertEquals("alice", two.find(otherSid).session().subject());
      assertEquals(
          0,
          Await.value(
              one.on(0, () -> one.sessions.endByProviderSession("https://other", "sid-2"))));
      assertEquals(1, Await.value(one.on(0, () -> one.sessions.endBySubject(ISSUER, "alice"))));
      assertEquals("session-unknown", two.refusal(otherSid).reason());
      assertEquals("bob", two.find(otherPerson).session().subject());
    }
  }

  @Test
  void open_ofTheSameProviderSession_endsTheOlderOnEveryNode() {
    try (SessionNode one = node();
        SessionNode two = node()) {
      OpenSession older = one.open(one.login(issuer, "alice", "sid-1"));
      String otherBrowser = cookie(one.open(one.login(issuer, "alice", "sid-2")));
      one.find(cookie(older));
      List<String> ended = new CopyOnWriteArrayList<>();
      one.sessions.onEnd(ended::add);
      String newer = cookie(two.open(two.login(issuer, "alice", "sid-1")));
      assertEquals("session-unknown", one.refusal(cookie(older)).reason());
      assertEquals(List.of(older.session().id()), ended, "its streams end, too");
      one.find(newer);
      one.find(otherBrowser);
      assertEquals("overtaken", two.trail.getFirst().reason());
      assertEquals(older.session().id(), two.trail.getFirst().id());
      assertEquals(1, two.count("portcullis.sessions.ended", "reason", "overtaken"));
    }
  }

  @Test
  void open_ofTheSameProviderSession_takesTheOldersRoom() {
    try (SessionNode node = node()) {
      List<String> cookies =
          IntStream.range(0, 3)
              .mapToObj(i -> cookie(node.open(node.login(issuer, "alice", "sid-" + i))))
              .toList();
      node.open(node.login(issuer, "alice", "sid-2"));
      node.find(cookies.get(0));
      node.find(cookies.get(1));
      assertEquals("session-unknown", node.refusal(cookies.get(2)).reason());
    }
  }

  @Test
  void open_beyondTheBound_endsTheOldest() {
    try (SessionNode node = node()) {
      List<String> cookies =
          IntStream.range(0, 5)
              .mapToObj(
                  i -> {
                    clock.advance(Duration.ofSeconds(1));
                    return cookie(node.open(node.login(issuer, "alice", "sid-" + i)));
                  })
              .toList();
      assertEquals("session-unknown", node.refusal(cookies.get(0)).reason());
      assertEquals("session-unknown", node.refusal(cookies.get(1)).reason());
      cookies.subList(2, 5).forEach(node::find);
      assertEquals(2, node.trail.size());
      assertEquals("too-many", node.trail.getFirst().reason());
      List<SessionEntry> entries =
          Await.value(node.on(0, () -> node.sessions.list(ISSUER, "alice")));
      assertEquals(3, entries.size());
      assertEquals("alice", entries.getFirst().subject());
      assertEquals("sid-4", entries.getFirst().providerSession());
      assertEquals("acme", entries.getFirst().tenant());
      assertTrue(entries.getFirst().created().isAfter(entries.getLast().created()));
      String oldest = entries.getLast().id();
      assertTrue(Await.value(node.on(0, () -> node.sessions.endById(oldest))));
      assertFalse(Await.value(node.on(0, () -> node.sessions.endById(oldest))));
      assertEquals("session-unknown", node.refusal(cookies.get(2)).reason());
    }
  }

  @Test
  void list_afterSessionsEndedByThemselves_doesNotShowThem() {
    try (SessionNode node = node()) {
      String gone = cookie(node.open(node.login(issuer)));
      node.open(node.login(issuer));
      node.redis("DEL", Handle.recordKey(name(gone)));
      assertEquals(
          1, Await.value(node.on(0, () -> node.sessions.list(ISSUER, "subject-of-alice"))).size());
    }
  }

  @Test
  void find_afterTheAbsoluteEnd_isRefusedHoweverBusyItWas() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      issuer.answers(
          token ->
              io.vertx.core.Future.succeededFuture(
                  new Tokens(
                      "long",
                      clock.instant().plus(Duration.ofDays(9)),
                      "",
                      SessionNode.START,
                      "")));
      clock.advance(Duration.ofMinutes(5));
      assertEquals("long", node.find(cookie).session().accessToken());
      clock.advance(Duration.ofHours(12).minusMinutes(6));
      String moved = node.find(cookie).cookie().orElse(cookie);
      assertNotEquals(cookie, moved, "rotated meanwhile");
      clock.advance(Duration.ofMinutes(1));
      assertEquals("session-unknown", node.refusal(moved).reason());
    }
  }

  @Test
  void everyKey_ofLivingSessions_hasATimeToLive() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      Await.value(node.on(0, () -> node.sessions.rotate(cookie, node.login(issuer))));
      List<String> keys = node.keys();
      assertTrue(keys.size() >= 4, keys.toString());
      for (String key : keys) {
        long left = node.redis("PTTL", key).number();
        assertTrue(left > 0 && left <= Duration.ofMinutes(30).toMillis(), key + " " + left);
      }
    }
  }

  @Test
  void use_prolongsRecordAndIndexes_butNotWithEveryRequest() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      String record = Handle.recordKey(name(cookie));
      push.gap();
      node.find(cookie);
      for (String key : node.keys()) {
        node.redis("PEXPIRE", key, "60000");
      }
      push.gap();
      node.find(cookie);
      Await.until(
          "all are prolonged",
          () -> node.keys().stream().allMatch(key -> node.redis("PTTL", key).number() > 1_700_000));
      node.redis("PEXPIRE", record, "1700000");
      push.gap();
      node.find(cookie);
      assertTrue(node.redis("PTTL", record).number() <= 1_700_000, "less than a tenth was gone");
    }
  }
}
