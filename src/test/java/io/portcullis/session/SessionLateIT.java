package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Problem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Redis does what it was told, and says so too late. */
class SessionLateIT {
  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();
  private static final String END = LateRedis.running("end.lua");
  private static final RefreshTiming HASTY = SessionNode.timing(Duration.ofSeconds(1));

  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);
  private final PushHub push = new PushHub();
  private final LateRedis late = LateRedis.before(REDIS.port());

  /** Its Redis answers late; the other node's is right there. */
  private final SessionNode node =
      new SessionNode(late.port(), SessionNode.config(), push, issuer, clock, HASTY);

  private final SessionNode other =
      new SessionNode(REDIS.port(), SessionNode.config(), push, issuer, clock);

  @BeforeEach
  void prepare() {
    String cookie = cookie(other.open(other.login(issuer)));
    Await.value(other.on(0, () -> other.sessions.end(cookie)));
    assertEquals("PONG", node.redis("PING").text(), "connected, and Redis knows the scripts");
  }

  @AfterEach
  void close() {
    late.release();
    node.close();
    other.close();
    late.close();
  }

  private List<String> endings(SessionNode of) {
    List<String> ended = new CopyOnWriteArrayList<>();
    of.sessions.onEnd(ended::add);
    return ended;
  }

  @Test
  void logout_whoseAnswerIsLate_isOneAllTheSame() {
    OpenSession open = other.open(other.login(issuer));
    other.find(cookie(open));
    List<String> ended = endings(other);
    late.holdReplies(END, 2);
    Optional<Session> was = Await.value(node.on(0, () -> node.sessions.end(cookie(open))));
    assertEquals("id-token-number-0", was.orElseThrow().idToken(), "for the issuer to be told");
    assertEquals(List.of(open.session().id()), ended, "streams end on the other node too");
    assertEquals("session-unknown", other.refusal(cookie(open)).reason());
    assertEquals(1, node.count("portcullis.sessions.ended", "reason", "logout"));
  }

  @Test
  void logout_byAnOldHandleWhoseAnswerIsLate_endsWhatItLeadsTo() {
    String old = cookie(other.open(other.login(issuer)));
    clock.advance(Duration.ofHours(4));
    other.find(old);
    String fresh = cookie(other.find(old));
    late.holdReplies(END, 2);
    assertTrue(Await.value(node.on(0, () -> node.sessions.end(old))).isPresent());
    assertEquals("session-unknown", other.refusal(fresh).reason());
    assertEquals("session-unknown", other.refusal(old).reason());
  }

  @Test
  void logout_thatIsNeverAnswered_isUnavailableAndForgottenEverywhere() {
    OpenSession open = other.open(other.login(issuer));
    other.find(cookie(open));
    List<String> ended = endings(other);
    late.holdReplies(END, Integer.MAX_VALUE);
    Future<Optional<Session>> out = node.on(0, () -> node.sessions.end(cookie(open)));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, SessionNode.refusal(out).problem());
    assertEquals(2, late.seen(), "no more than that");
    assertEquals(List.of(open.session().id()), ended);
    assertEquals("session-unknown", other.refusal(cookie(open)).reason(), "it is looked at anew");
  }

  @Test
  void logout_thatRedisRefuses_leavesTheStreamsAlone() {
    OpenSession open = other.open(other.login(issuer));
    node.find(cookie(open));
    List<String> ended = endings(node);
    REDIS.command("ACL", "SETUSER", "default", "-del");
    try {
      Future<Optional<Session>> out = node.on(0, () -> node.sessions.end(cookie(open)));
      assertEquals(Problem.DEPENDENCY_UNAVAILABLE, SessionNode.refusal(out).problem());
    } finally {
      REDIS.command("ACL", "SETUSER", "default", "+del");
    }
    assertEquals(List.of(), ended, "it certainly did not end");
    assertEquals(open.session(), node.find(cookie(open)).session());
  }

  @Test
  void endById_whoseAnswerIsLate_isNotUnknown() {
    OpenSession open = other.open(other.login(issuer));
    String id = open.session().id();
    List<String> ended = endings(other);
    late.holdReplies(END, 2);
    assertTrue(Await.value(node.on(0, () -> node.sessions.endById(id))));
    assertEquals(List.of(id), ended);
  }

  @Test
  void endById_thatIsNeverAnswered_isUnavailableAndForgottenEverywhere() {
    OpenSession open = other.open(other.login(issuer));
    other.find(cookie(open));
    List<String> ended = endings(other);
    late.holdReplies(END, Integer.MAX_VALUE);
    Future<Boolean> ending = node.on(0, () -> node.sessions.endById(open.session().id()));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, SessionNode.refusal(ending).problem());
    assertEquals(List.of(open.session().id()), ended);
    assertEquals("session-unknown", other.refusal(cookie(open)).reason(), "it is looked at anew");
  }

  @Test
  void refusedRefresh_whoseEndIsAnsweredLate_isRecorded() {
    OpenSession open = other.open(other.login(issuer));
    List<String> ended = endings(other);
    issuer.answers(token -> Future.failedFuture(SessionRefusals.ended()));
    clock.advance(FakeIssuer.ACCESS_LIFE);
    late.holdReplies(END, 2);
    assertEquals("session-ended", node.refusal(cookie(open)).reason());
    assertEquals(List.of(open.session().id()), ended);
    assertEquals("refresh-refused", node.trail.getFirst().reason());
    assertEquals(0, node.redis("EXISTS", Handle.recordKey(name(cookie(open)))).number());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("writes")
  void open_whoseAnswerIsLate_opensOneSession(String what, String command, int times) {
    late.holdReplies(command, times);
    OpenSession open = node.open(node.login(issuer));
    assertEquals(times, late.seen(), "once more");
    assertEquals(open.session(), other.find(cookie(open)).session());
    assertEquals(
        1, Await.value(other.on(0, () -> other.sessions.list(ISSUER, "subject-of-alice"))).size());
  }

  static Stream<Arguments> writes() {
    return Stream.of(
        Arguments.of("the record", "\r\nNX\r\n", 2),
        Arguments.of("its two indexes", LateRedis.running("index.lua"), 4),
        Arguments.of("what operators know", "\r\npc:sf:", 2));
  }

  @Test
  void open_beyondTheBoundWhenNothingCanEnd_leavesTheOldestToOperators() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < SessionNode.config().perUser(); i++) {
      clock.advance(Duration.ofSeconds(1));
      NewSession login = other.login(issuer, "subject-of-alice", "sid-" + i);
      ids.addFirst(other.open(login).session().id());
    }
    late.holdRequests(END);
    Future<OpenSession> opening = node.on(0, () -> node.sessions.open(node.login(issuer)));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, SessionNode.refusal(opening).problem());
    List<SessionEntry> entries =
        Await.value(other.on(0, () -> other.sessions.list(ISSUER, "subject-of-alice")));
    assertEquals(ids, entries.stream().map(SessionEntry::id).toList());
  }
}
