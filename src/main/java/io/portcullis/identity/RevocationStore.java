package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.config.RevocationConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.redis.Broadcast;
import io.portcullis.redis.RedisException;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The revocations in Redis, where all nodes find them: one sorted set under {@code pc:revoked},
 * which lives as long as the newest of them. Any thread; every call is answered within half a
 * second, or fails with a {@link Rejection} that says 503.
 */
public final class RevocationStore {
  private static final Script REVOKE = Script.load(RevocationStore.class, "revoke.lua");
  private static final Script REVOKED = Script.load(RevocationStore.class, "revoked.lua");
  private static final String TOPIC = "revoked";
  private static final List<String> KEYS = List.of("pc:revoked");
  private static final Duration DEADLINE = Duration.ofMillis(500);

  /** Beyond a credential's life: its leeway, which is at most five minutes, and clocks. */
  private static final Duration SLACK = Duration.ofMinutes(10);

  /** Revocations read at once. */
  static final int PAGE = 1_000;

  private final RedisLanes lanes;
  private final Broadcast broadcast;
  private final RevocationConfig config;
  private final long keptMillis;

  /** In the Redis of these lanes, with news announced by that broadcast. */
  public RevocationStore(RedisLanes state, Broadcast broadcast, RevocationConfig config) {
    this.lanes = state;
    this.broadcast = broadcast;
    this.config = config;
    this.keptMillis = config.longestCredential().plus(SLACK).toMillis();
  }

  /**
   * What is new in the store.
   *
   * @param counted how many there are that still count
   * @param texts the news, oldest first; at most {@link #PAGE}
   * @param versions of the news, in the same order
   */
  record News(long counted, List<String> texts, List<Long> versions) {}

  /** Calls when another node, or a command, has added something. */
  public void listen(Runnable listener) {
    broadcast.listen(TOPIC, news -> listener.run(), listener);
  }

  /**
   * Adds one and tells all nodes. Adding it again is harmless.
   *
   * @return its version; fails with a {@link Rejection}, as 400 when its time is in the future:
   *     that would refuse people who come back with what they were given later
   */
  public Future<Long> add(Revocation revocation) {
    if (revocation.before().isAfter(Instant.now())) {
      return Future.failedFuture(
          Rejection.of(
              Problem.INVALID_REQUEST,
              "issued-before-future",
              "Only what was issued until now can be taken back."));
    }
    return add(List.of(revocation.text()))
        .compose(
            version ->
                // Whoever does not hear of it looks within half a second.
                broadcast.publish(TOPIC, Long.toString(version)).otherwiseEmpty().map(version));
  }

  /** Adds these, at most {@link #PAGE}; tells the version of the last. */
  Future<Long> add(List<String> texts) {
    List<byte[]> args = new ArrayList<>(2 + texts.size());
    args.add(bytes(keptMillis));
    args.add(bytes(config.maxEntries()));
    texts.forEach(text -> args.add(text.getBytes(UTF_8)));
    return lanes
        .lane()
        .evalsha(REVOKE, KEYS, args, DEADLINE)
        .map(reply -> Long.parseLong(reply.text()))
        .recover(RevocationStore::unavailable);
  }

  /** The oldest version that still counts: all that older ones cover has ended by itself. */
  long cutoff(long nowMillis) {
    return (nowMillis - keptMillis) * 1_000;
  }

  /** Reads what came after a version. */
  Future<News> read(long cutoff, long seen) {
    return lanes
        .lane()
        .evalsha(REVOKED, KEYS, List.of(bytes(cutoff), bytes(seen), bytes(PAGE)), DEADLINE)
        .map(RevocationStore::news)
        .recover(RevocationStore::unavailable);
  }

  private static News news(Reply reply) {
    List<Reply> items = reply.items();
    List<String> texts = new ArrayList<>(items.size() / 2);
    List<Long> versions = new ArrayList<>(items.size() / 2);
    for (int i = 1; i + 1 < items.size(); i += 2) {
      texts.add(items.get(i).text());
      versions.add(Long.parseLong(items.get(i + 1).text()));
    }
    return new News(Long.parseLong(items.getFirst().text()), texts, versions);
  }

  private static <T> Future<T> unavailable(Throwable failure) {
    if (failure instanceof RedisException redis) {
      return Future.failedFuture(
          redis.code().equals("FULL")
              ? Rejection.retryable(
                  Problem.DEPENDENCY_UNAVAILABLE,
                  "revocations-full",
                  "There are more revocations than can be kept.",
                  Duration.ofMinutes(1))
              : Rejection.unavailable("state"));
    }
    return Future.failedFuture(failure);
  }

  private static byte[] bytes(long number) {
    return Long.toString(number).getBytes(UTF_8);
  }
}
