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
 * Until everything is done it is only claimed, for some seconds: whoever claims it and fails, or
 * dies, does not use it up.
 */
final class LogoutOnce {
  /** Gives back what this attempt took, and nothing that another one did. */
  private static final String RELEASE =
      "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";

  /** What the name says when the token has done its work; a claim is random. */
  private static final String DONE = "done";

  /** Longer than ending the sessions of a person takes. */
  private static final Duration CLAIM = Duration.ofSeconds(10);

  private static final Duration DEADLINE = Duration.ofMillis(500);

  private final RedisLanes state;
  private final Duration life;

  LogoutOnce(RedisLanes state, Duration life) {
    this.state = state;
    this.life = life;
  }

  /**
   * Does something for a token that was not there before; else fails with {@code invalid-request},
   * or with 503 while another attempt is under way. When it cannot be done, or it cannot be known
   * whether the token is new, the token may come again.
   */
  <T> Future<T> run(LogoutToken token, Supplier<Future<T>> action) {
    String key = key(token);
    String mine = UUID.randomUUID().toString();
    return claim(key, mine)
        .compose(ours -> action.get())
        .compose(result -> keep(key).map(result))
        .recover(
            failure ->
                failure instanceof Rejection refused && refused.problem().status() < 500
                    ? Future.failedFuture(failure)
                    : call("EVAL", RELEASE, "1", key, mine)
                        .transform(released -> Future.failedFuture(failure)));
  }

  private Future<Void> claim(String key, String mine) {
    return call("SET", key, mine, "NX", "PX", Long.toString(CLAIM.toMillis()))
        .compose(
            reply ->
                reply.kind() == Reply.Kind.TEXT
                    ? Future.succeededFuture()
                    : call("GET", key).compose(there -> Future.failedFuture(taken(there))));
  }

  private static Rejection taken(Reply there) {
    return there.kind() == Reply.Kind.TEXT && there.text().equals(DONE)
        ? Rejection.of(
            Problem.INVALID_REQUEST, "logout-repeated", "This logout token was used before.")
        : Rejection.retryable(
            Problem.DEPENDENCY_UNAVAILABLE,
            "logout-under-way",
            "This logout is under way. Try again shortly.",
            Duration.ofSeconds(1));
  }

  /** Used up, also when the claim has ended meanwhile. Twice is as good as once. */
  private Future<Void> keep(String key) {
    String[] words = {"SET", key, DONE, "EX", Long.toString(life.toSeconds())};
    return call(words).recover(failure -> call(words)).mapEmpty();
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
