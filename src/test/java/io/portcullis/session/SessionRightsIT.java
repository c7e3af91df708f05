package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.LogoutToken;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.RedisUsers;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rights that the gateway has in the containers' Redis are enough for all sessions do. */
class SessionRightsIT {
  private static final String ALICE = "subject-of-alice";

  @Test
  void rightsInContainers_areEnough() {
    TestClock clock = new TestClock(SessionNode.START);
    FakeIssuer issuer = new FakeIssuer(clock);
    PushHub hub = new PushHub();
    try (RedisServer redis = RedisServer.start()) {
      RedisUsers.install(redis, "state", "portcullis", "a-password-of-1", "+select");
      try (SessionNode node =
          new SessionNode(
              SessionNode.redis(redis.port(), "portcullis", "a-password-of-1"),
              SessionNode.config(),
              hub,
              issuer,
              clock,
              SessionNode.TIMING)) {
        String first = SessionNode.cookie(node.open(node.login(issuer)));
        clock.advance(Duration.ofMinutes(10));
        node.find(first);
        String second =
            SessionNode.cookie(
                Await.value(node.on(0, () -> node.sessions.rotate(first, node.login(issuer)))));
        for (int i = 0; i < SessionNode.config().perUser(); i++) {
          node.open(node.login(issuer, ALICE, "sid-of-browser-" + i));
        }
        node.open(node.login(issuer, ALICE, "sid-of-browser-1"));
        node.on(0, () -> node.sessions.end(second));
        List<SessionEntry> left = Await.value(node.on(0, () -> node.sessions.list(ISSUER, ALICE)));
        assertTrue(Await.value(node.on(0, () -> node.sessions.endById(left.getFirst().id()))));
        node.open(node.login(issuer, "bob", "sid-2"));
        Await.value(node.on(0, () -> node.sessions.endByProviderSession(ISSUER, "sid-2")));
        Await.value(node.on(0, () -> node.sessions.endBySubject(ISSUER, ALICE)));
        logout(node);
      }
      assertEquals("*0", redis.command("ACL", "LOG"), "refused to the user");
      assertTrue(hub.topics().size() > 1);
      for (String topic : hub.topics()) {
        for (String command : List.of("SUBSCRIBE pc:" + topic, "PUBLISH pc:" + topic + " news")) {
          String[] asked = ("ACL DRYRUN portcullis " + command).split(" ", -1);
          assertEquals("+OK", redis.command(asked), command);
        }
      }
    }
  }

  /** Marked as used, and given free again after our own failure. */
  private static void logout(SessionNode node) {
    LogoutOnce once = new LogoutOnce(node.lanes, Duration.ofMinutes(1));
    LogoutToken token = new LogoutToken(ISSUER, "jti-1", "", "sid-1");
    Await.failure(node.on(0, () -> once.run(token, () -> Future.failedFuture("ours"))));
    assertEquals(
        1, Await.value(node.on(0, () -> once.run(token, () -> Future.succeededFuture(1)))));
  }
}
