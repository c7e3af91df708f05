package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Marks in the Redis that keeps state, one command each: whichever node comes first is the first.
 * Every mark ends by itself.
 */
public final class RedisReplayGuard implements ReplayGuard {
  private static final String PREFIX = "pc:d:";
  private static final byte[] MARK = {'1'};

  /** Somebody waits for the answer, and there is a way to go on without. */
  private static final Duration DEADLINE = Duration.ofMillis(250);

  private final RedisLanes lanes;

  /** A guard in this Redis. */
  public RedisReplayGuard(RedisLanes lanes) {
    this.lanes = lanes;
  }

  /** {@code SET NX PX}: an answer when the mark is new, nothing when it was there. */
  @Override
  public Future<Boolean> first(String id, Duration keep) {
    List<byte[]> command =
        List.of(
            bytes("SET"),
            bytes(PREFIX + id),
            MARK,
            bytes("NX"),
            bytes("PX"),
            bytes(Long.toString(keep.toMillis())));
    return lanes.lane().call(command, DEADLINE).map(reply -> reply.kind() != Reply.Kind.NULL);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(US_ASCII);
  }
}
