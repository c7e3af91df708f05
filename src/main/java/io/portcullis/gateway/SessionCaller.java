package io.portcullis.gateway;

import io.portcullis.identity.TokenVerifier;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.BrowserLogin;
import io.portcullis.session.OpenSession;
import io.portcullis.session.Session;
import io.portcullis.session.Sessions;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who is calling, by the session of a browser. The session only keeps an access token; that is
 * proved on each use as if it had come with the request. But the token is refreshed again and
 * again, and what is taken back as of a moment must take back sessions that began before it: so the
 * credential of such a caller is as old as the session.
 */
final class SessionCaller {
  private final Optional<BrowserLogin> login;
  private final TokenVerifier tokens;
  private final Predicate<Caller> revoked;
  private final Csrf csrf;

  /**
   * @param revoked whether the access of a caller that was proved has been taken back
   */
  SessionCaller(
      Optional<BrowserLogin> login, TokenVerifier tokens, Predicate<Caller> revoked, Csrf csrf) {
    this.login = login;
    this.tokens = tokens;
    this.revoked = revoked;
    this.csrf = csrf;
  }

  /** The session cookie, where there are sessions and it is there. */
  Optional<String> cookie(Exchange exchange) {
    return login.isEmpty() ? Optional.empty() : Cookies.session(exchange);
  }

  /** The proved caller; fails with a {@link Rejection}. */
  Future<Caller> of(Exchange exchange, String cookie) {
    csrf.check(exchange.request.method(), exchange.request.headers());
    Sessions sessions = login.orElseThrow().sessions();
    return sessions
        .find(cookie)
        .compose(
            open -> {
              // Whatever comes of this request: the old one ends within seconds.
              open.cookie().ifPresent(value -> Cookies.setSession(exchange, value));
              exchange.cookie(open.cookie().orElse(cookie));
              return tokens
                  .verify(open.session().accessToken())
                  .compose(proved -> take(exchange, open, cookie, proved));
            });
  }

  private Future<Caller> take(Exchange exchange, OpenSession open, String cookie, Caller proved) {
    Session session = open.session();
    if (!isSame(proved, session)) {
      return Future.failedFuture(refused("session-subject", "The session is of somebody else."));
    }
    Caller caller = ofSession(proved, session);
    if (revoked.test(caller)) {
      return login
          .orElseThrow()
          .sessions()
          .end(open.cookie().orElse(cookie))
          .transform(
              ended -> Future.failedFuture(refused("session-revoked", "The session was revoked.")));
    }
    exchange.session(session);
    return Future.succeededFuture(caller);
  }

  /** A refresh may bring a token of another person, or of another tenant, only by a mistake. */
  static boolean isSame(Caller proved, Session session) {
    return proved.subject().equals(session.subject())
        && proved.issuer().equals(session.issuer())
        && (session.tenant().isEmpty()
            || proved.tenant().map(tenant -> tenant.name().equals(session.tenant())).orElse(true));
  }

  private static Caller ofSession(Caller proved, Session session) {
    Credential token = proved.credential();
    boolean later = session.authenticatedAt().isAfter(session.created());
    Instant begun = later ? session.authenticatedAt() : session.created();
    Credential credential =
        new Credential(
            token.id(),
            token.session().isEmpty() ? session.providerSession() : token.session(),
            begun.isBefore(token.issuedAt()) ? begun : token.issuedAt(),
            token.expiresAt(),
            token.authenticatedAt(),
            token.level(),
            token.binding());
    return new Caller(
        proved.issuer(),
        proved.subject(),
        proved.username(),
        proved.client(),
        proved.organizations(),
        proved.tenant(),
        proved.roles(),
        proved.scopes(),
        credential);
  }

  private static Rejection refused(String reason, String detail) {
    return Rejection.of(Problem.UNAUTHENTICATED, reason, detail);
  }
}
