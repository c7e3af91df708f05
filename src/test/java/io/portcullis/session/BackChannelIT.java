package io.portcullis.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
      new LogoutToken("https://login.example.com/realms/a", "jti", "", "sid-of-the-provider");

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
