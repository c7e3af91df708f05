package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Caller;
import io.portcullis.model.IdToken;
import io.portcullis.model.LogoutToken;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.TestClock;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A logout token counts once, and not before everything that it asks for is done. */
class BackChannelIT {
  private static final LogoutToken TOKEN =
      new LogoutToken(ISSUER, "jti", "", "sid-of-the-provider");

  @Test
  void logout_thatCouldNotBeRecorded_mayComeAgain() {
    TestClock clock = new TestClock(SessionNode.START);
    FakeIssuer issuer = new FakeIssuer(clock);
    try (RedisServer redis = RedisServer.start();
        SessionNode node =
            new SessionNode(redis.port(), SessionNode.config(), new PushHub(), issuer, clock)) {
      node.open(node.login(issuer));
      LogoutOnce once = new LogoutOnce(node.lanes, Duration.ofMinutes(5));
      BackChannel channel =
          new BackChannel(new Proofs(), once, logout -> Future.succeededFuture(), node.sessions);
      Rejection away = Rejection.unavailable("audit");
      Future<BackChannel.Over> first =
          node.on(0, () -> channel.logout("", over -> Future.failedFuture(away)));
      assertEquals(away.reason(), SessionNode.refusal(first).reason());
      Await.value(node.on(0, () -> channel.logout("", over -> Future.succeededFuture())));
      Future<BackChannel.Over> third =
          node.on(0, () -> channel.logout("", over -> Future.succeededFuture()));
      assertEquals("logout-repeated", SessionNode.refusal(third).reason());
    }
  }

  @Test
  void run_thatFailsAndCannotGiveBackItsClaim_keepsTheTokenForSecondsOnly() {
    TestClock clock = new TestClock(SessionNode.START);
    FakeIssuer issuer = new FakeIssuer(clock);
    PushHub push = new PushHub();
    try (RedisServer redis = RedisServer.start();
        LateRedis late = LateRedis.before(redis.port());
        SessionNode one = new SessionNode(late.port(), SessionNode.config(), push, issuer, clock);
        SessionNode two =
            new SessionNode(redis.port(), SessionNode.config(), push, issuer, clock)) {
      LogoutOnce failing = new LogoutOnce(one.lanes, Duration.ofMinutes(5));
      LogoutOnce once = new LogoutOnce(two.lanes, Duration.ofMinutes(5));
      assertEquals("PONG", one.redis("PING").text());
      Future<Integer> first =
          one.on(
              0,
              () ->
                  failing.run(
                      TOKEN,
                      () -> {
                        late.holdRequests("$4\r\nEVAL\r\n");
                        return Future.failedFuture(Rejection.unavailable("audit"));
                      }));
      assertEquals("audit-unavailable", SessionNode.refusal(first).reason());
      Future<Integer> tooSoon = two.on(0, () -> once.run(TOKEN, () -> Future.succeededFuture(1)));
      Rejection refused = SessionNode.refusal(tooSoon);
      assertEquals("logout-under-way", refused.reason(), "nothing has ended yet");
      assertTrue(refused.retryAfter().isPresent());
      assertTrue(life(two) <= 10_000, "it is given back by itself");
      two.redis("PEXPIRE", two.keys().getFirst(), "1");
      Await.until("the claim is over", () -> two.keys().isEmpty());
      Await.value(two.on(0, () -> once.run(TOKEN, () -> Future.succeededFuture(1))));
      assertTrue(life(two) > 10_000, "used up for as long as it could be shown");
      Future<Integer> again = two.on(0, () -> once.run(TOKEN, () -> Future.succeededFuture(1)));
      assertEquals("logout-repeated", SessionNode.refusal(again).reason());
    }
  }

  private static long life(SessionNode node) {
    return node.redis("PTTL", node.keys().getFirst()).number();
  }

  /** Everything holds. */
  private record Proofs() implements OidcProofs {
    @Override
    public Future<IdToken> idToken(String token, IdToken.Asked asked) {
      return Future.failedFuture("not asked here");
    }

    @Override
    public Future<Caller> accessToken(String token) {
      return Future.failedFuture("not asked here");
    }

    @Override
    public Future<LogoutToken> logoutToken(String token) {
      return Future.succeededFuture(TOKEN);
    }

    @Override
    public Duration logoutTokenLife() {
      return Duration.ofMinutes(5);
    }
  }
}
