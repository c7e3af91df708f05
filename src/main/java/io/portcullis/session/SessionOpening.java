package io.portcullis.session;

import io.portcullis.config.SessionConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.SessionMeters.Reason;
import io.portcullis.session.SessionStore.Replaced;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives sessions their handles: the first one, and each that follows. Always in this order: the
 * indexes, the new record, and only then the old handle becomes an alias, if its record is still
 * the one that was moved. So there is no moment without the session, and none with two of it that
 * would both be renewed.
 */
final class SessionOpening {
  private static final int ID_BYTES = 12;
  private static final int ATTEMPTS = 3;

  private final SessionRecords records;
  private final SessionIndex index;
  private final SessionEnding ending;
  private final SessionNews news;
  private final SessionMeters meters;
  private final MasterKeys keys;
  private final SessionConfig config;
  private final InstantSource clock;

  SessionOpening(
      SessionRecords records,
      SessionIndex index,
      SessionEnding ending,
      SessionNews news,
      SessionMeters meters,
      MasterKeys keys,
      SessionConfig config,
      InstantSource clock) {
    this.records = records;
    this.index = index;
    this.ending = ending;
    this.news = news;
    this.meters = meters;
    this.keys = keys;
    this.config = config;
    this.clock = clock;
  }

  /**
   * A new session. It is the only one of its session of the issuer: a browser has one of those and
   * one cookie of ours, so an older one has lost its browser, whatever tenant it was for.
   */
  Future<OpenSession> open(NewSession login) {
    Instant now = RefreshPlan.millis(clock.instant());
    Session session =
        session(login, Handle.randomText(ID_BYTES), now, now, now.plus(config.absolute()), 1);
    Handle handle = Handle.random(keys.current());
    IndexMember mine = IndexMember.of(handle, session);
    return index
        .add(handle, session, now.toEpochMilli(), records.lifeMillis(session))
        .compose(
            known ->
                ending
                    .olderOfProvider(mine, session)
                    .compose(
                        older ->
                            ending
                                .makeRoom(handle, session, without(known, older))
                                .compose(done -> records.create(handle, session))
                                .compose(done -> ending.overtaken(older, session))))
        .map(
            done -> {
              meters.opened();
              return new OpenSession(session, Optional.of(handle.cookie()));
            });
  }

  private static Set<IndexMember> without(Set<IndexMember> all, List<IndexMember> some) {
    Set<IndexMember> rest = new LinkedHashSet<>(all);
    some.forEach(rest::remove);
    return rest;
  }

  private static Session session(
      NewSession login, String id, Instant created, Instant now, Instant end, long generation) {
    Tokens tokens = login.tokens();
    return new Session(
        id,
        login.issuer(),
        login.tenant(),
        login.subject(),
        login.username(),
        login.providerSession(),
        tokens.accessToken(),
        now,
        RefreshPlan.millis(tokens.accessExpires()),
        tokens.refreshToken(),
        RefreshPlan.earlier(tokens.refreshExpires(), end),
        tokens.idToken(),
        RefreshPlan.millis(login.authenticatedAt()),
        login.level(),
        created,
        end,
        now,
        generation);
  }

  /** After the same person proved more; or a new session, when it is somebody else. */
  Future<OpenSession> stepUp(Handle handle, NewSession after) {
    return stepUp(handle, after, ATTEMPTS);
  }

  private Future<OpenSession> stepUp(Handle asked, NewSession after, int attempts) {
    return records
        .find(asked)
        .map(Optional::of)
        .recover(SessionOpening::noneIfUnknown)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().frozen()) {
                return open(after);
              }
              Located old = found.get();
              if (!same(old.session(), after)) {
                return ending.end(old, Reason.REPLACED).compose(ended -> open(after));
              }
              Session was = old.session();
              Instant now = RefreshPlan.millis(clock.instant());
              Session next =
                  session(
                      after,
                      was.id(),
                      was.created(),
                      now,
                      end(was, after, now),
                      was.generation() + 1);
              return move(old.handle(), was, next, true)
                  .compose(
                      moved ->
                          moved.isPresent()
                              ? Future.succeededFuture(moved.get())
                              : attempts > 1
                                  ? stepUp(asked, after, attempts - 1)
                                  : Future.failedFuture(
                                      SessionRefusals.notNow(Duration.ofSeconds(1))));
            });
  }

  /** Who has proved anew who they are gets the whole time again; nothing else prolongs it. */
  private Instant end(Session was, NewSession after, Instant now) {
    Instant proved = RefreshPlan.earlier(after.authenticatedAt(), now);
    Instant end = proved.plus(config.absolute());
    return proved.isAfter(was.authenticatedAt()) && end.isAfter(was.absoluteEnd())
        ? end
        : was.absoluteEnd();
  }

  private static Future<Optional<Located>> noneIfUnknown(Throwable problem) {
    return problem instanceof Rejection rejection && rejection.problem() == Problem.UNAUTHENTICATED
        ? Future.succeededFuture(Optional.empty())
        : Future.failedFuture(problem);
  }

  private static boolean same(Session session, NewSession login) {
    return session.issuer().equals(login.issuer())
        && session.subject().equals(login.subject())
        && session.tenant().equals(login.tenant());
  }

  /** The same session under a new handle; empty when its record has changed meanwhile. */
  Future<Optional<OpenSession>> rotate(Handle old, Session session) {
    Session next =
        new Session(
            session.id(),
            session.issuer(),
            session.tenant(),
            session.subject(),
            session.username(),
            session.providerSession(),
            session.accessToken(),
            session.accessObtained(),
            session.accessExpires(),
            session.refreshToken(),
            session.refreshExpires(),
            session.idToken(),
            session.authenticatedAt(),
            session.level(),
            session.created(),
            session.absoluteEnd(),
            RefreshPlan.millis(clock.instant()),
            session.generation() + 1);
    return move(old, session, next, false);
  }

  /**
   * When Redis does not answer, the new record is left alone: the old handle may already lead to
   * it. If not, nobody has its cookie, and it ends by itself.
   */
  private Future<Optional<OpenSession>> move(
      Handle old, Session was, Session next, boolean provedMore) {
    Handle fresh = Handle.random(keys.current());
    return index
        .add(fresh, next, clock.instant().toEpochMilli(), records.lifeMillis(next))
        .compose(known -> records.create(fresh, next))
        .compose(
            done -> provedMore ? records.freeze(old, was, fresh) : records.leadOn(old, was, fresh))
        .compose(
            replaced -> {
              news.changed(old.name());
              if (replaced != Replaced.DONE) {
                return ending.discard(fresh, next).map(Optional.empty());
              }
              meters.rotated();
              ending.forget(old, was);
              return Future.succeededFuture(
                  Optional.of(new OpenSession(next, Optional.of(fresh.cookie()))));
            });
  }
}
