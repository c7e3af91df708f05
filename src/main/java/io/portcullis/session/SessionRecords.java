package io.portcullis.session;

import io.portcullis.config.SessionConfig;
import io.portcullis.session.RecordHead.Kind;
import io.portcullis.session.SessionStore.Replaced;
import io.portcullis.session.SessionStore.Stored;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions as they stand in Redis, sealed and opened. Futures fail with a {@link
 * io.portcullis.model.Rejection} when there is no such session, and with a {@link
 * io.portcullis.redis.RedisException} when that cannot be known.
 */
final class SessionRecords {
  private static final Logger log = LoggerFactory.getLogger(SessionRecords.class);

  /** A handle that was changed, proved more and changed again within seconds; not longer. */
  private static final int LONGEST_CHAIN = 4;

  private final SessionStore store;
  private final SessionIndex index;
  private final RecordCipher cipher;
  private final SessionConfig config;
  private final SessionMeters meters;
  private final InstantSource clock;

  SessionRecords(
      SessionStore store,
      SessionIndex index,
      RecordCipher cipher,
      SessionConfig config,
      SessionMeters meters,
      InstantSource clock) {
    this.store = store;
    this.index = index;
    this.cipher = cipher;
    this.config = config;
    this.meters = meters;
    this.clock = clock;
  }

  /**
   * Finds the session of a handle for somebody who uses it, which prolongs it: one round trip, two
   * when the handle was changed just now.
   */
  Future<Located> find(Handle handle) {
    return look(handle).map(this::touched);
  }

  /** The same without counting as use. */
  Future<Located> look(Handle handle) {
    return cipher.knows(handle)
        ? look(handle, LONGEST_CHAIN)
        : Future.failedFuture(SessionRefusals.unknown());
  }

  private Future<Located> look(Handle handle, int chain) {
    meters.read();
    return store
        .read(handle.name())
        .compose(
            stored ->
                stored.isPresent() && chain > 0
                    ? open(handle, stored.get(), chain)
                    : Future.failedFuture(SessionRefusals.unknown()));
  }

  private Future<Located> open(Handle handle, Stored stored, int chain) {
    Optional<RecordHead> head = RecordHead.read(stored.bytes());
    Optional<byte[]> body = head.flatMap(known -> cipher.open(handle, known, stored.bytes()));
    if (head.isEmpty() || body.isEmpty()) {
      // Who has a session can write any key's id before its bits; that must not raise an alarm.
      return head.isPresent() && cipher.opensOtherwise(handle, head.get(), stored.bytes())
          ? Future.failedFuture(SessionRefusals.unknown())
          : damaged(handle);
    }
    if (head.get().kind() == Kind.ALIAS) {
      Optional<String> next = SessionText.readNext(body.get());
      if (next.isPresent()) {
        return Handle.parse(next.get())
            .map(target -> look(target, chain - 1).map(Located::asMoved))
            .orElseGet(() -> damaged(handle));
      }
    }
    Optional<Session> session = SessionText.read(body.get(), head.get().generation());
    boolean right =
        session.isPresent()
            && cipher.tenantTag(handle, session.get().tenant()).equals(head.get().tenantTag());
    if (!right) {
      return damaged(handle);
    }
    Instant until = clock.instant().plusMillis(stored.lifeMillis());
    if (head.get().kind() == Kind.ALIAS) {
      return frozen(new Located(session.get(), handle, false, true, until), head.get().target());
    }
    Located located = new Located(session.get(), handle, false, false, until);
    return located.lives(clock.instant())
        ? Future.succeededFuture(located)
        : Future.failedFuture(SessionRefusals.unknown());
  }

  /** What a session was ends with what became of it. */
  private Future<Located> frozen(Located located, String target) {
    return store
        .exists(target)
        .compose(
            there ->
                there && located.lives(clock.instant())
                    ? Future.succeededFuture(located)
                    : Future.failedFuture(SessionRefusals.unknown()));
  }

  /** Prolongs a record in use, at most once in a tenth of the idle time; nobody waits for it. */
  private Located touched(Located located) {
    long full = lifeMillis(located.session());
    Instant now = clock.instant();
    long left = Duration.between(now, located.until()).toMillis();
    if (located.frozen() || full - left <= config.idle().toMillis() / 10) {
      return located;
    }
    // First the indexes, and without them nothing: they must never end before what they lead to.
    index
        .add(located.handle(), located.session(), now.toEpochMilli(), full)
        .compose(known -> store.touch(located.handle().name(), full))
        .onFailure(SessionRecords::untouched);
    return new Located(
        located.session(), located.handle(), located.moved(), false, now.plusMillis(full));
  }

  private static void untouched(Throwable problem) {
    log.atDebug()
        .addKeyValue("event.action", "session.touch.failed")
        .addKeyValue("error.message", problem.getMessage())
        .log("a session was not prolonged; its next use will try again");
  }

  /** How long a session may live from now on without being used. */
  long lifeMillis(Session session) {
    Duration left = Duration.between(clock.instant(), session.absoluteEnd());
    return Math.max(1, Math.min(config.idle().toMillis(), left.toMillis()));
  }

  /** Stores a new session under a new handle. */
  Future<Void> create(Handle handle, Session session) {
    return store.create(handle.name(), seal(handle, session), lifeMillis(session));
  }

  /**
   * Stores a newer state of a session over the one with the generation before it.
   *
   * @param owner who must not have lost the session's lock
   */
  Future<Replaced> replace(Handle handle, Session newer, String owner) {
    return store.replace(handle.name(), newer.generation() - 1, seal(handle, newer), 0, owner);
  }

  /** Makes a handle lead on to another one, for a while. */
  Future<Replaced> leadOn(Handle old, Session seen, Handle target) {
    return alias(old, seen, target, SessionText.writeNext(target.cookie()));
  }

  /** Lets a handle keep what it was worth, for a while and as long as its target lives. */
  Future<Replaced> freeze(Handle old, Session seen, Handle target) {
    return alias(old, seen, target, SessionText.write(seen));
  }

  private Future<Replaced> alias(Handle old, Session seen, Handle target, byte[] body) {
    RecordHead head =
        new RecordHead(
            Kind.ALIAS, seen.generation(), cipher.tenantTag(old, seen.tenant()), target.name());
    long life = Math.min(config.alias().toMillis(), lifeMillis(seen));
    return store.replace(old.name(), seen.generation(), cipher.seal(old, head, body), life, "");
  }

  private byte[] seal(Handle handle, Session session) {
    String tag = cipher.tenantTag(handle, session.tenant());
    RecordHead head = new RecordHead(Kind.SESSION, session.generation(), tag, "");
    return cipher.seal(handle, head, SessionText.write(session));
  }

  private <T> Future<T> damaged(Handle handle) {
    meters.damaged();
    log.atError()
        .addKeyValue("event.action", "session.damaged")
        .addKeyValue("portcullis.session.record", handle.name())
        .log("a session's record does not open: it was changed in Redis, or a master key is wrong");
    return Future.failedFuture(SessionRefusals.damaged());
  }
}
