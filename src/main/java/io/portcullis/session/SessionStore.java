package io.portcullis.session;

import io.portcullis.redis.RedisException;
import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** The records in Redis, as bytes. Each call is one round trip; see {@link StateCalls}. */
final class SessionStore {
  private static final Script READ = Script.load(SessionStore.class, "read.lua");
  private static final Script REPLACE = Script.load(SessionStore.class, "replace.lua");
  private static final Script TOUCH = Script.load(SessionStore.class, "touch.lua");
  private static final Script END = Script.load(SessionStore.class, "end.lua");

  private final StateCalls redis;

  SessionStore(StateCalls redis) {
    this.redis = redis;
  }

  /** A record as it was read. */
  static final class Stored {
    private final byte[] bytes;
    private final long lifeMillis;

    private Stored(byte[] bytes, long lifeMillis) {
      this.bytes = bytes;
      this.lifeMillis = lifeMillis;
    }

    byte[] bytes() {
      return bytes;
    }

    /** How long Redis would still keep it. */
    long lifeMillis() {
      return lifeMillis;
    }
  }

  /** How a conditional write went. */
  enum Replaced {
    DONE,
    /** Another record is there, or none. */
    CHANGED,
    /** Somebody else has the lock that this write relied on. */
    FENCED
  }

  /** What was deleted. */
  sealed interface Ended {
    /** Nothing. */
    record Nothing() implements Ended {}

    /** Not the record that was expected; nothing was deleted. */
    record Other() implements Ended {}

    /** A session. */
    record One() implements Ended {}

    /** Nothing: it is an alias that leads to the record of that name. */
    record Alias(String target) implements Ended {}
  }

  Future<Optional<Stored>> read(String name) {
    return redis
        .runAgain(READ, List.of(Handle.recordKey(name)))
        .map(
            reply ->
                reply.kind() == Reply.Kind.LIST && reply.items().size() == 2
                    ? Optional.of(
                        new Stored(
                            reply.items().getFirst().bytes(), reply.items().getLast().number()))
                    : Optional.empty());
  }

  /**
   * Writes a record under a random name, which nobody has: whatever is there when this runs a
   * second time, because the first was answered too late, comes from the first.
   */
  Future<Void> create(String name, byte[] record, long lifeMillis) {
    List<byte[]> words =
        List.of(
            Handle.ascii("SET"),
            Handle.ascii(Handle.recordKey(name)),
            record,
            Handle.ascii("NX"),
            Handle.ascii("PX"),
            StateCalls.number(lifeMillis));
    return callAgain(redis, words).mapEmpty();
  }

  /** As {@link StateCalls#runAgain}, for a command. */
  static Future<Reply> callAgain(StateCalls redis, List<byte[]> words) {
    return redis
        .call(words)
        .recover(
            problem ->
                StateCalls.late(problem) ? redis.call(words) : Future.<Reply>failedFuture(problem));
  }

  /**
   * Writes over the session of that generation, if it is still there.
   *
   * @param lifeMillis the new life; 0 keeps what is left
   * @param owner who must not have lost the lock meanwhile; empty when it does not matter
   */
  Future<Replaced> replace(
      String name, long generation, byte[] record, long lifeMillis, String owner) {
    return redis
        .run(
            REPLACE,
            List.of(Handle.recordKey(name), Handle.lockKey(name)),
            Handle.ascii(RecordHead.sessionOf(generation)),
            record,
            StateCalls.number(lifeMillis),
            Handle.ascii(owner))
        .map(
            reply ->
                switch ((int) reply.number()) {
                  case 1 -> Replaced.DONE;
                  case 0 -> Replaced.CHANGED;
                  default -> Replaced.FENCED;
                });
  }

  /** A session was used. */
  Future<Boolean> touch(String name, long lifeMillis) {
    return redis
        .run(TOUCH, List.of(Handle.recordKey(name)), StateCalls.number(lifeMillis))
        .map(reply -> reply.number() == 1);
  }

  /** Whether a session (not an alias) is stored under that name. */
  Future<Boolean> hasSession(String name) {
    return redis
        .call(
            List.of(
                Handle.ascii("GETRANGE"),
                Handle.ascii(Handle.recordKey(name)),
                Handle.ascii("0"),
                Handle.ascii("1")))
        .map(reply -> reply.text().equals("1S"));
  }

  /** Whether anything is stored under that name. */
  Future<Boolean> exists(String name) {
    return redis
        .call(List.of(Handle.ascii("EXISTS"), Handle.ascii(Handle.recordKey(name))))
        .map(reply -> reply.number() == 1);
  }

  /**
   * Deletes the record of a session, if it begins like that; an empty text is the beginning of any.
   * An alias only says where it leads and ends by itself, so this may run twice: when the first run
   * is not answered it does, and a record that is gone by then counts as deleted.
   *
   * @return fails with what became of the first run, see {@link #unanswered}
   */
  Future<Ended> end(String name, String head) {
    return endOnce(name, head)
        .recover(first -> unanswered(first) ? endAgain(name, head, first) : failed(first));
  }

  private Future<Ended> endAgain(String name, String head, Throwable first) {
    return endOnce(name, head)
        .map(ended -> ended instanceof Ended.Nothing ? new Ended.One() : ended)
        .recover(second -> failed(first));
  }

  private static Future<Ended> failed(Throwable problem) {
    return Future.failedFuture(problem);
  }

  /** Whether a command that failed may have run all the same. */
  static boolean unanswered(Throwable problem) {
    return problem instanceof RedisException away
        && switch (away.kind()) {
          case TIMEOUT, AWAY, BROKEN -> true;
          case OPEN, FULL, REFUSED -> false;
        };
  }

  private Future<Ended> endOnce(String name, String head) {
    return redis
        .run(END, List.of(Handle.recordKey(name)), Handle.ascii(head))
        .map(
            reply ->
                switch (reply.text()) {
                  case "" -> new Ended.Nothing();
                  case "C" -> new Ended.Other();
                  case "S" -> new Ended.One();
                  default -> new Ended.Alias(reply.text());
                });
  }
}
