package io.portcullis.session;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.SessionConfig;
import io.portcullis.redis.RedisLanes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The sessions of people with a browser, shared by all nodes through Redis. Safe on every event
 * loop; every future completes on the caller's own context.
 *
 * <p>A future fails with a {@link io.portcullis.model.Rejection}: {@code UNAUTHENTICATED} only when
 * it is known that there is no such session, {@code DEPENDENCY_UNAVAILABLE} or {@code OVERLOADED}
 * (503, with a hint when to come back) whenever that cannot be known or the token cannot be renewed
 * at present.
 */
public final class Sessions {
  /** The session cookie's name (RFC 6265bis: Secure, HttpOnly, Path=/, no Domain). */
  public static final String COOKIE = "__Host-Http-pc";

  /** Nothing is read or sent before the first call. {@code push} is listened to from here on. */
  public Sessions(
      Vertx vertx,
      RedisLanes state,
      SessionPush push,
      TokenRefresh refresh,
      SessionTrail trail,
      SessionConfig config,
      MeterRegistry registry,
      InstantSource clock) {}

  /**
   * Opens a session after a login. The person's oldest session ends when there are too many. The
   * answer always has a cookie to set.
   */
  public Future<OpenSession> open(NewSession login) {
    throw new UnsupportedOperationException();
  }

  /**
   * The session of a request. When the handle is due for a change, or was changed by another
   * request just now, the answer must set the new cookie. The access token in it has not expired:
   * this waits for the one refresh that is going on, or starts it.
   *
   * @param cookieValue as the browser sent it; anything else is refused as {@code session-unknown}
   */
  public Future<OpenSession> find(String cookieValue) {
    throw new UnsupportedOperationException();
  }

  /**
   * The same person proved more (step-up), or logged in again over an old session: a new handle at
   * once. The old one keeps for some seconds what it was worth before, never more. Of another
   * person or tenant, or when the old session is gone, this is a new session, and the old one ends.
   * The answer always has a cookie to set.
   */
  public Future<OpenSession> rotate(String cookieValue, NewSession after) {
    throw new UnsupportedOperationException();
  }

  /** Ends a session (logout). Gives what it was, for the issuer to be told; empty when unknown. */
  public Future<Optional<Session>> end(String cookieValue) {
    throw new UnsupportedOperationException();
  }

  /** Ends the sessions that belong to a session of the issuer; gives how many there were. */
  public Future<Integer> endByProviderSession(String issuer, String providerSession) {
    throw new UnsupportedOperationException();
  }

  /** Ends all sessions of a person; gives how many there were. */
  public Future<Integer> endBySubject(String issuer, String subject) {
    throw new UnsupportedOperationException();
  }

  /** Ends one session of a person by its public name; false when there is none. */
  public Future<Boolean> endById(String issuer, String subject, String id) {
    throw new UnsupportedOperationException();
  }

  /** The sessions of a person, the newest first. */
  public Future<List<SessionEntry>> list(String issuer, String subject) {
    throw new UnsupportedOperationException();
  }
}
