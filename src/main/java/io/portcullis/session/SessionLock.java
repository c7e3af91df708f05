package io.portcullis.session;

import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * The right to renew or move one session, among all nodes. It ends by itself when its owner is
 * gone; that an owner who was only slow does no harm afterwards is the work of {@code replace.lua}.
 */
final class SessionLock {
  private static final Script TAKE = Script.load(SessionLock.class, "lock.lua");
  private static final Script KEEP = Script.load(SessionLock.class, "keep.lua");
  private static final String CLOSED = "-";
  private static final int OWNER_BYTES = 16;

  private final StateCalls redis;
  private final Duration life;

  SessionLock(StateCalls redis, Duration life) {
    this.redis = redis;
    this.life = life;
  }

  /** How asking for it went. */
  sealed interface Answer {
    /** The lock is ours under this name. */
    record Ours(String owner) implements Answer {}

    /** Somebody has it. */
    record Taken() implements Answer {}

    /** It was closed for this long. */
    record Closed(Duration left) implements Answer {}
  }

  Future<Answer> take(String name) {
    return take(name, owner());
  }

  /** A name for somebody who takes locks. */
  static String owner() {
    return Handle.randomText(OWNER_BYTES);
  }

  /** Takes it under a name of one's own; who has it already under that name has it anew. */
  Future<Answer> take(String name, String owner) {
    return redis
        .runAgain(
            TAKE,
            List.of(Handle.lockKey(name)),
            Handle.ascii(owner),
            StateCalls.number(life.toMillis()))
        .map(reply -> answer(reply, owner));
  }

  private static Answer answer(Reply reply, String owner) {
    return switch (Long.signum(reply.number())) {
      case 0 -> new Answer.Ours(owner);
      case 1 -> new Answer.Closed(Duration.ofMillis(reply.number()));
      default -> new Answer.Taken();
    };
  }

  /** Keeps it for another life; false when it was lost. */
  Future<Boolean> renew(String name, String owner) {
    return keep(name, owner, life, owner);
  }

  /** Gives it back. */
  Future<Boolean> release(String name, String owner) {
    return keep(name, owner, life, "");
  }

  /** Gives it back, and nobody may have it for a while. */
  Future<Boolean> close(String name, String owner, Duration pause) {
    return keep(name, owner, pause, CLOSED);
  }

  private Future<Boolean> keep(String name, String owner, Duration time, String next) {
    return redis
        .run(
            KEEP,
            List.of(Handle.lockKey(name)),
            Handle.ascii(owner),
            StateCalls.number(time.toMillis()),
            Handle.ascii(next))
        .map(reply -> reply.number() == 1);
  }
}
