package io.portcullis.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.model.LogoutToken;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sees to it that a logout token counts once, on whichever node it is shown: a name in Redis for as
 * long as the token could be shown again (OpenID Connect Back-Channel Logout 1.0, section 2.6).
 */
final class LogoutOnce {
  private static final Duration DEADLINE = Duration.ofMillis(500);

  private final RedisLanes state;
  private final Duration life;

  LogoutOnce(RedisLanes state, Duration life) {
    this.state = state;
    this.life = life;
  }

  /** Fails when the token was there before, or when that cannot be known. */
  Future<Void> claim(LogoutToken token) {
    return call("SET", key(token), "1", "NX", "EX", Long.toString(life.toSeconds()))
        .compose(
            reply ->
                reply.kind() == Reply.Kind.TEXT
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Rejection.of(
                            Problem.INVALID_REQUEST,
                            "logout-repeated",
                            "This logout token was used before.")));
  }

  /** What it asked for could not be done: it may come again. Best effort. */
  Future<Void> release(LogoutToken token) {
    return call("DEL", key(token)).mapEmpty();
  }

  private Future<Reply> call(String... words) {
    List<byte[]> command = Stream.of(words).map(word -> word.getBytes(UTF_8)).toList();
    return state
        .lane()
        .call(command, DEADLINE)
        .recover(failure -> Future.failedFuture(Rejection.unavailable("redis")));
  }

  /** Ids are the issuer's: of any length and content. */
  private static String key(LogoutToken token) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((token.issuer() + "\n" + token.id()).getBytes(UTF_8));
      return "pc:lo:" + Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
