package io.portcullis.session;

import static io.portcullis.session.SessionNode.cookie;
import static io.portcullis.session.SessionNode.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a long answer asks of its session. */
class SessionRecheckIT {
  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  private final TestClock clock = new TestClock(SessionNode.START);
  private final FakeIssuer issuer = new FakeIssuer(clock);

  private SessionNode node() {
    return new SessionNode(REDIS.port(), SessionNode.config(), new PushHub(), issuer, clock);
  }

  @Test
  void recheck_renewsWhatIsOverAndIsNoUse() {
    try (SessionNode node = node()) {
      String cookie = cookie(node.open(node.login(issuer)));
      assertEquals("access-token-number-0", recheck(node, cookie).accessToken());
      clock.advance(FakeIssuer.ACCESS_LIFE);
      node.redis("PEXPIRE", Handle.recordKey(name(cookie)), "600000");
      assertEquals("access-token-number-1", recheck(node, cookie).accessToken());
      assertTrue(node.redis("PTTL", Handle.recordKey(name(cookie))).number() <= 600_000);
      node.find(cookie);
      Await.until(
          "used", () -> node.redis("PTTL", Handle.recordKey(name(cookie))).number() > 600_000);
    }
  }

  @Test
  void recheck_ofSomebodyTheIssuerRefuses_endsTheSession() {
    try (SessionNode node = node()) {
      OpenSession open = node.open(node.login(issuer));
      List<String> ended = new CopyOnWriteArrayList<>();
      node.sessions.onEnd(ended::add);
      issuer.answers(token -> Future.failedFuture(SessionRefusals.ended()));
      clock.advance(FakeIssuer.ACCESS_LIFE);
      Future<Session> asked = node.on(0, () -> node.sessions.recheck(cookie(open)));
      assertEquals("session-ended", SessionNode.refusal(asked).reason());
      assertEquals(Set.of(open.session().id()), Set.copyOf(ended), "its answers end");
      Future<Session> again = node.on(0, () -> node.sessions.recheck("nonsense"));
      assertEquals("session-unknown", SessionNode.refusal(again).reason());
    }
  }

  private static Session recheck(SessionNode node, String cookie) {
    return Await.value(node.on(0, () -> node.sessions.recheck(cookie)));
  }
}
