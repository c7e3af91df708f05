package io.portcullis.session;

import io.portcullis.redis.RedisException;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Calls of the Redis of state, on the lane of the caller's event loop. Each fails with a {@link
 * io.portcullis.redis.RedisException} when it is not answered by the deadline.
 */
final class StateCalls {
  private final RedisLanes lanes;
  private final Duration deadline;

  StateCalls(RedisLanes lanes, Duration deadline) {
    this.lanes = lanes;
    this.deadline = deadline;
  }

  Future<Reply> run(Script script, List<String> keys, byte[]... args) {
    return lanes.lane().evalsha(script, keys, List.of(args), deadline);
  }

  Future<Reply> call(List<byte[]> words) {
    return lanes.lane().call(words, deadline);
  }

  /**
   * A call that may run twice without harm: one missed deadline, which a busy machine has now and
   * then, is not yet an outage for all who wait for this answer.
   */
  Future<Reply> runAgain(Script script, List<String> keys, byte[]... args) {
    return run(script, keys, args)
        .recover(
            problem ->
                late(problem) ? run(script, keys, args) : Future.<Reply>failedFuture(problem));
  }

  /** Whether Redis said nothing, so that asking again later may well be answered. */
  static boolean unanswered(Throwable problem) {
    return problem instanceof RedisException away
        && away.kind() != RedisException.Kind.REFUSED
        && away.kind() != RedisException.Kind.BROKEN;
  }

  /** Whether Redis was only too slow. */
  static boolean late(Throwable problem) {
    return problem instanceof RedisException away && away.kind() == RedisException.Kind.TIMEOUT;
  }

  static byte[] number(long number) {
    return Handle.ascii(Long.toString(number));
  }
}
