package io.portcullis.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.SessionConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.redis.RedisException;
import io.portcullis.redis.RedisLanes;
import io.portcullis.session.SessionMeters.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of people with a browser, shared by all nodes through Redis. Safe on every event
 * loop; every future completes on the caller's own context.
 *
 * <p>A future fails with a {@link Rejection}: {@code UNAUTHENTICATED} only when it is known that
 * there is no such session, {@code DEPENDENCY_UNAVAILABLE} or {@code OVERLOADED} (503, with a hint
 * when to come back) whenever that cannot be known or the token cannot be renewed at present.
 */
public final class Sessions {
  /** The session cookie's name (RFC 6265bis: Secure, HttpOnly, Path=/, no Domain). */
  public static final String COOKIE = "__Host-Http-pc";

  private static final Logger log = LoggerFactory.getLogger(Sessions.class);

  private final VertxInternal vertx;
  private final InstantSource clock;
  private final SessionMeters meters;
  private final SessionIndex index;
  private final SessionCache cache;
  private final SessionRecords records;
  private final SessionEnding ending;
  private final SessionOpening opening;
  private final SessionRotation rotation;
  private final SessionRefresh refresh;
  private final SessionNews news;

  /** Nothing is read or sent before the first call. {@code push} is listened to from here on. */
  public Sessions(
      Vertx vertx,
      RedisLanes state,
      SessionPush push,
      TokenRefresh refresh,
      SessionTrail trail,
      SessionConfig config,
      MeterRegistry registry,
      InstantSource clock) {
    this(vertx, state, push, refresh, trail, config, registry, clock, RefreshTiming.standard());
  }

  /** With another pace. */
  Sessions(
      Vertx vertx,
      RedisLanes state,
      SessionPush push,
      TokenRefresh issuer,
      SessionTrail trail,
      SessionConfig config,
      MeterRegistry registry,
      InstantSource clock,
      RefreshTiming timing) {
    this.vertx = (VertxInternal) vertx;
    this.clock = clock;
    meters = new SessionMeters(registry);
    MasterKeys keys = new MasterKeys(config);
    StateCalls redis = new StateCalls(state, timing.redis());
    SessionStore store = new SessionStore(redis);
    SessionLock lock = new SessionLock(redis, timing.lockLife());
    index = new SessionIndex(redis, new IndexNames(keys), new SessionFacts(redis, keys));
    cache = new SessionCache(config, clock);
    news = new SessionNews(push, cache);
    records = new SessionRecords(store, index, new RecordCipher(keys), config, meters, clock);
    ending = new SessionEnding(store, index, news, trail, meters, config.perUser());
    opening = new SessionOpening(records, index, ending, news, meters, keys, config, clock);
    rotation = new SessionRotation(opening, lock, keys, config);
    RefreshGate gate = new RefreshGate(timing, clock);
    this.refresh =
        new SessionRefresh(
            new RefreshParts(records, lock, ending, issuer, gate, news, timing, meters, clock),
            vertx,
            config);
  }

  /**
   * Opens a session after a login. The person's oldest session ends when there are too many. The
   * answer always has a cookie to set.
   */
  public Future<OpenSession> open(NewSession login) {
    return here(opening.open(login));
  }

  /**
   * The session of a request. When the handle is due for a change, or was changed by another
   * request just now, the answer must set the new cookie. The access token in it has not expired:
   * this waits for the one refresh that is going on, or starts it.
   *
   * @param cookieValue as the browser sent it; anything else is refused as {@code session-unknown}
   */
  public Future<OpenSession> find(String cookieValue) {
    Optional<Handle> parsed = Handle.parse(cookieValue);
    if (parsed.isEmpty()) {
      return Future.failedFuture(SessionRefusals.unknown());
    }
    Handle handle = parsed.get();
    Located known = cache.get(handle);
    if (known != null) {
      if (!known.session().accessOver(clock.instant())) {
        meters.hit();
        return serve(known);
      }
      // Perhaps another node has renewed it, and the push has not come.
      cache.drop(handle.name(), known);
    }
    meters.miss();
    return here(cache.load(handle, () -> records.find(handle))).compose(this::serve);
  }

  /**
   * The session of a long answer that was begun with this cookie, its token renewed when it is
   * over: by that the issuer says whether its person may still. This is no use of the session,
   * which ends under an answer as it would without; nor does it follow a handle for longer than
   * requests do.
   */
  public Future<Session> recheck(String cookieValue) {
    return here(
        Handle.parse(cookieValue)
            .map(records::look)
            .orElseGet(() -> Future.failedFuture(SessionRefusals.unknown()))
            .compose(
                found ->
                    found.session().accessOver(clock.instant())
                        ? refresh.await(found.handle())
                        : Future.succeededFuture(found.session())));
  }

  private Future<OpenSession> serve(Located located) {
    Session session = located.session();
    Instant now = clock.instant();
    Optional<String> cookie =
        located.moved() && !located.frozen()
            ? Optional.of(located.handle().cookie())
            : Optional.empty();
    if (located.frozen()) {
      return session.accessOver(now)
          ? Future.failedFuture(SessionRefusals.unknown())
          : Future.succeededFuture(new OpenSession(session, cookie));
    }
    if (session.accessOver(now)) {
      return here(refresh.await(located.handle())).map(renewed -> new OpenSession(renewed, cookie));
    }
    if (!located.moved() && rotation.due(located, now)) {
      return here(rotation.rotate(located));
    }
    if (RefreshPlan.due(session, now)) {
      refresh.begin(located.handle(), session);
    }
    return Future.succeededFuture(new OpenSession(session, cookie));
  }

  /**
   * The same person proved more (step-up), or logged in again over an old session: a new handle at
   * once. The old one keeps for some seconds what it was worth before, never more. Of another
   * person or tenant, or when the old session is gone, this is a new session, and the old one ends.
   * The answer always has a cookie to set.
   */
  public Future<OpenSession> rotate(String cookieValue, NewSession after) {
    return here(
        Handle.parse(cookieValue)
            .map(handle -> opening.stepUp(handle, after))
            .orElseGet(() -> opening.open(after)));
  }

  /** Ends a session (logout). Gives what it was, for the issuer to be told; empty when unknown. */
  public Future<Optional<Session>> end(String cookieValue) {
    return Handle.parse(cookieValue)
        .map(handle -> here(end(handle)))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<Optional<Session>> end(Handle handle) {
    return records
        .find(handle)
        .compose(located -> ending.end(located, Reason.LOGOUT).map(Optional.of(located.session())))
        .recover(
            problem ->
                problem instanceof Rejection rejection
                        && rejection.problem() == Problem.UNAUTHENTICATED
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(problem));
  }

  /** Ends the sessions that belong to a session of the issuer; gives how many there were. */
  public Future<Integer> endByProviderSession(String issuer, String providerSession) {
    return here(
        ending.endAll(
            index.names().ofProviderSession(issuer, providerSession), Reason.PROVIDER_LOGOUT));
  }

  /** Ends all sessions of a person; gives how many there were. */
  public Future<Integer> endBySubject(String issuer, String subject) {
    return here(ending.endAll(index.names().ofSubject(issuer, subject), Reason.SUBJECT));
  }

  /** Ends one session by its public name; false when there is none. */
  public Future<Boolean> endById(String id) {
    return here(ending.endById(id));
  }

  /**
   * Calls with the public name of each session that is ended, on whichever node, on any thread. A
   * session that nobody ended is over at its absolute end without a word.
   *
   * @return stops that
   */
  public Runnable onEnd(Consumer<String> listener) {
    return news.onEnd(listener);
  }

  /** The sessions of a person, the newest first. */
  public Future<List<SessionEntry>> list(String issuer, String subject) {
    return here(ending.list(index.names().ofSubject(issuer, subject)));
  }

  /** On the caller's context, and with failures as callers know them. */
  private <T> Future<T> here(Future<T> future) {
    Promise<T> mine = vertx.getOrCreateContext().promise();
    future.onComplete(
        result -> {
          if (result.succeeded()) {
            mine.complete(result.result());
          } else {
            mine.fail(asRejection(result.cause()));
          }
        });
    return mine.future();
  }

  private static Throwable asRejection(Throwable problem) {
    if (!(problem instanceof RedisException redis)) {
      return problem;
    }
    if (redis.kind() == RedisException.Kind.REFUSED && redis.code().equals("ERR")) {
      log.atError()
          .addKeyValue("event.action", "session.script.failed")
          .addKeyValue("error.message", redis.getMessage())
          .log("Redis refused a command of the sessions: a mistake of ours, or its access rules");
    }
    return Rejection.unavailable("redis");
  }
}
