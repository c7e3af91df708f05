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
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Sees to it that a logout token counts once, on whichever node it is shown: a name in Redis for as
 * long as the token could be shown again (OpenID Connect Back-Channel Logout 1.0, section 2.6).
 */
final class LogoutOnce {
  /** Gives back what this attempt took, and nothing that another one did. */
  private static final String RELEASE =
      "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

  private static final Duration DEADLINE = Duration.ofMillis(500);

  private final RedisLanes state;
  private final Duration life;

  LogoutOnce(RedisLanes state, Duration life) {
    this.state = state;
    this.life = life;
  }

  /**
   * Does something for a token that was not there before; else fails with {@code invalid-request}.
   * When it cannot be done, or it cannot be known whether the token is new, the token may come
   * again.
   */
  <T> Future<T> run(LogoutToken token, Supplier<Future<T>> action) {
    String key = key(token);
    String mine = UUID.randomUUID().toString();
    return call("SET", key, mine, "NX", "EX", Long.toString(life.toSeconds()))
        .compose(
            reply ->
                reply.kind() == Reply.Kind.TEXT
                    ? action.get()
                    : Future.<T>failedFuture(
                        Rejection.of(
                            Problem.INVALID_REQUEST,
                            "logout-repeated",
                            "This logout token was used before.")))
        .recover(
            failure ->
                failure instanceof Rejection refused && refused.problem().status() < 500
                    ? Future.failedFuture(failure)
                    : call("EVAL", RELEASE, "1", key, mine)
                        .transform(released -> Future.failedFuture(failure)));
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
