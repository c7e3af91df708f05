package io.portcullis.session;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.redis.RedisException;
import io.portcullis.session.SessionMeters.Reason;
import io.portcullis.session.SessionMeters.Refresh;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One renewal of one session as this node sees it, on the event loop that began it. Takes the lock,
 * looks again, asks the issuer, stores. Or, when another node has the lock, waits for what it does:
 * told by push, else by looking.
 *
 * <p>Exactly one outcome ends a session: the issuer's own refusal of the refresh token, while the
 * record is still the one that was sent. Whatever fails otherwise leaves it as it is.
 */
final class RefreshFlight {
  private final RefreshParts parts;
  private final VertxInternal vertx;
  private final ContextInternal context;
  private final Handle handle;
  private final Function<Handle, Future<Session>> other;
  private final Duration patience;
  private final String owner = SessionLock.owner();
  private final Promise<Session> result = Promise.promise();
  private volatile Instant giveUp;
  private volatile boolean awaited;
  private volatile @Nullable Promise<Void> sleep;

  /**
   * A flight that has not begun.
   *
   * @param other waits for the renewal of the session under another handle
   */
  RefreshFlight(
      RefreshParts parts,
      VertxInternal vertx,
      Handle handle,
      Duration patience,
      Function<Handle, Future<Session>> other) {
    this.parts = parts;
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.handle = handle;
    this.other = other;
    this.patience = patience;
    this.giveUp = parts.clock().instant().plus(patience);
  }

  /** The session with a token that has not expired; completes on this flight's event loop. */
  Future<Session> result() {
    return result.future();
  }

  /**
   * Somebody cannot go on without the result: from now on it waits for another node's, and for
   * Redis, as long as he does.
   */
  void await() {
    giveUp = parts.clock().instant().plus(patience);
    awaited = true;
  }

  /** Another node wrote the record: look now, not at the next turn. */
  void nudge() {
    Promise<Void> sleeping = sleep;
    if (sleeping != null) {
      context.runOnContext(now -> sleeping.tryComplete());
    }
  }

  void start() {
    context.runOnContext(now -> attempt().onComplete(result));
  }

  private Future<Session> attempt() {
    return parts
        .lock()
        .take(handle.name(), owner)
        .compose(
            answer ->
                switch (answer) {
                  case SessionLock.Answer.Ours _ -> owning();
                  case SessionLock.Answer.Closed closed -> closed(closed.left());
                  case SessionLock.Answer.Taken _ ->
                      awaited ? waitForOther() : Future.failedFuture(SessionRefusals.elsewhere());
                },
            this::beginAnew);
  }

  /**
   * Redis did not answer, and the issuer was not asked yet. The lock, which may be ours, is not
   * given back in between: taking it again under the same name proves that nobody had it meanwhile.
   */
  private Future<Session> beginAnew(Throwable problem) {
    return whileWaiting(problem, this::attempt)
        .onFailure(over -> parts.lock().release(handle.name(), owner));
  }

  /** Without an answer of Redis: the same step a moment later, as long as anybody waits. */
  private Future<Session> whileWaiting(Throwable problem, Supplier<Future<Session>> step) {
    return awaited && StateCalls.unanswered(problem) && before(giveUp)
        ? sleep().compose(slept -> step.get())
        : Future.failedFuture(problem);
  }

  private boolean before(Instant end) {
    return parts.clock().instant().isBefore(end);
  }

  private Future<Session> closed(Duration left) {
    parts.meters().refresh(Refresh.PAUSED);
    return Future.failedFuture(SessionRefusals.notNow(left));
  }

  /** With the lock: looks again, since another node may just have finished. */
  private Future<Session> owning() {
    return parts.records().look(handle).compose(this::holding, this::beginAnew);
  }

  private Future<Session> holding(Located located) {
    long watchdog =
        vertx.setPeriodic(
            parts.timing().lockRenewal().toMillis(),
            turn -> parts.lock().renew(handle.name(), owner));
    return context
        .succeededFuture(located)
        .compose(this::current)
        .onComplete(
            done -> {
              vertx.cancelTimer(watchdog);
              parts.lock().release(handle.name(), owner);
            });
  }

  private Future<Session> current(Located located) {
    Session session = located.session();
    Instant now = parts.clock().instant();
    if (!session.accessOver(now) && (located.moved() || located.frozen())) {
      return Future.succeededFuture(session);
    }
    if (located.frozen()) {
      return Future.failedFuture(SessionRefusals.unknown());
    }
    if (located.moved()) {
      // It has a lock of its own under its new handle.
      return other.apply(located.handle());
    }
    if (!session.refreshable(now)) {
      return session.accessOver(now)
          ? end(session, Reason.REFRESH_EXPIRED)
          : Future.succeededFuture(session);
    }
    return RefreshPlan.due(session, now) ? ask(session) : Future.succeededFuture(session);
  }

  private Future<Session> ask(Session session) {
    if (!parts.gate().enter()) {
      parts.meters().refresh(Refresh.PAUSED);
      return Future.failedFuture(SessionRefusals.notNow(parts.gate().closedFor()));
    }
    Instant now = parts.clock().instant();
    return context
        .succeededFuture(session.refreshToken())
        .compose(parts.refresh()::refresh)
        .timeout(parts.timing().callDeadline().toMillis(), TimeUnit.MILLISECONDS)
        .transform(
            (tokens, problem) -> {
              if (tokens != null && tokens.accessExpires().isAfter(parts.clock().instant())) {
                parts.gate().answered();
                Session newer = RefreshPlan.renewed(session, tokens, now);
                return store(newer, giveUpStoring());
              }
              if (refused(problem)) {
                parts.gate().answered();
                parts.meters().refresh(Refresh.REFUSED);
                return end(session, Reason.REFRESH_REFUSED);
              }
              return failed(problem);
            });
  }

  private static boolean refused(@Nullable Throwable problem) {
    return problem instanceof Rejection rejection && rejection.problem() == Problem.UNAUTHENTICATED;
  }

  /** We had too many calls under way ourselves: the issuer was not asked. */
  private static boolean crowded(@Nullable Throwable problem) {
    return problem instanceof Rejection rejection && rejection.problem() == Problem.OVERLOADED;
  }

  /** An outage: the session stays, and no node asks for it again for a moment. */
  private Future<Session> failed(@Nullable Throwable problem) {
    if (crowded(problem)) {
      parts.gate().turnedBack();
    } else {
      parts.gate().failed();
    }
    parts.meters().refresh(Refresh.FAILED);
    parts.logFailed(problem);
    Duration pause = parts.timing().pause();
    return parts
        .lock()
        .close(handle.name(), owner, pause)
        .transform(closed -> Future.failedFuture(SessionRefusals.notNow(pause)));
  }

  private Instant giveUpStoring() {
    return parts.clock().instant().plus(parts.timing().storeDeadline());
  }

  /**
   * The issuer has answered; with rotating refresh tokens this answer is the only one. So it is
   * kept in hand while Redis is away, and tried again; the lock is prolonged meanwhile.
   */
  private Future<Session> store(Session newer, Instant giveUpStoring) {
    return parts
        .records()
        .replace(handle, newer, owner)
        .compose(
            replaced ->
                switch (replaced) {
                  case DONE -> {
                    parts.meters().refresh(Refresh.OK);
                    parts.announce(handle.name());
                    yield Future.succeededFuture(newer);
                  }
                  case CHANGED -> overtaken(newer);
                  case FENCED -> {
                    parts.meters().refresh(Refresh.FENCED);
                    yield waitForOther();
                  }
                },
            problem -> {
              boolean again = problem instanceof RedisException && before(giveUpStoring);
              if (again) {
                return sleep().compose(slept -> store(newer, giveUpStoring));
              }
              parts.meters().refresh(Refresh.UNSTORED);
              parts.logUnstored(newer, problem);
              return Future.failedFuture(problem);
            });
  }

  /** The record is not the one we renewed. It may be ours all the same, when a reply got lost. */
  private Future<Session> overtaken(Session newer) {
    return parts
        .records()
        .find(handle)
        .compose(
            located -> {
              Session there = located.session();
              boolean ours = there.accessToken().equals(newer.accessToken());
              parts.meters().refresh(ours ? Refresh.OK : Refresh.OUTDATED);
              parts.announce(handle.name());
              return there.accessOver(parts.clock().instant())
                  ? Future.failedFuture(SessionRefusals.notNow(Duration.ofSeconds(1)))
                  : Future.succeededFuture(there);
            },
            problem -> whileWaiting(problem, () -> overtaken(newer)));
  }

  private Future<Session> end(Session session, Reason reason) {
    return parts
        .ending()
        .endIfUnchanged(handle, session, reason)
        .compose(
            ended ->
                ended
                    ? Future.failedFuture(SessionRefusals.ended())
                    // Renewed or moved by somebody else after all, or gone already.
                    : parts.records().look(handle).compose(this::usable),
            problem -> whileWaiting(problem, () -> end(session, reason)));
  }

  private Future<Session> waitForOther() {
    if (!before(giveUp)) {
      return Future.failedFuture(SessionRefusals.notNow(Duration.ofSeconds(1)));
    }
    return sleep().compose(slept -> parts.records().look(handle)).compose(this::seen, this::unseen);
  }

  private Future<Session> seen(Located located) {
    return located.session().accessOver(parts.clock().instant())
        ? attempt()
        : Future.succeededFuture(located.session());
  }

  private Future<Session> unseen(Throwable problem) {
    return StateCalls.unanswered(problem) ? waitForOther() : Future.failedFuture(problem);
  }

  private Future<Session> usable(Located located) {
    return located.session().accessOver(parts.clock().instant())
        ? Future.failedFuture(SessionRefusals.notNow(Duration.ofSeconds(1)))
        : Future.succeededFuture(located.session());
  }

  private Future<Void> sleep() {
    Promise<Void> awake = context.promise();
    sleep = awake;
    long timer = vertx.setTimer(parts.timing().poll().toMillis(), due -> awake.tryComplete());
    return awake.future().onComplete(done -> vertx.cancelTimer(timer));
  }
}
