package io.portcullis.session;

import java.time.Duration;
import java.time.Instant;

/**
 * When a token is renewed: at three quarters of its life, and up to a tenth of it later, by the
 * session's name. So sessions that began together are not renewed together, and all nodes think
 * alike of one session.
 */
final class RefreshPlan {
  private static final double SHARE = 0.75;
  private static final double SPREAD = 0.10;

  private RefreshPlan() {}

  /** From when on the token of this session is renewed. */
  static Instant dueAt(Session session) {
    Duration life = Duration.between(session.accessObtained(), session.accessExpires());
    double spread = SPREAD * (session.id().hashCode() & 0xFFFF) / 0x10000;
    return session.accessObtained().plusMillis((long) (life.toMillis() * (SHARE + spread)));
  }

  /** Whether it is time. */
  static boolean due(Session session, Instant now) {
    return !now.isBefore(dueAt(session));
  }

  /** The session with the issuer's answer in it, one generation on. */
  static Session renewed(Session session, Tokens tokens, Instant now) {
    boolean newRefresh = !tokens.refreshToken().isEmpty();
    return new Session(
        session.id(),
        session.issuer(),
        session.tenant(),
        session.subject(),
        session.username(),
        session.providerSession(),
        tokens.accessToken(),
        millis(now),
        millis(tokens.accessExpires()),
        newRefresh ? tokens.refreshToken() : session.refreshToken(),
        newRefresh
            ? earlier(tokens.refreshExpires(), session.absoluteEnd())
            : session.refreshExpires(),
        tokens.idToken().isEmpty() ? session.idToken() : tokens.idToken(),
        session.authenticatedAt(),
        session.level(),
        session.created(),
        session.absoluteEnd(),
        session.rotated(),
        session.generation() + 1);
  }

  /** The earlier of two times, in milliseconds as they are stored. */
  static Instant earlier(Instant one, Instant other) {
    return millis(one.isBefore(other) ? one : other);
  }

  static Instant millis(Instant time) {
    return time.truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }
}
