package io.portcullis.gateway;

import io.portcullis.identity.TokenVerifier;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.BrowserLogin;
import io.portcullis.session.OpenSession;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * Who is calling, by the session of a browser. The session only keeps an access token; that is
 * proved on each use as if it had come with the request, so what takes tokens back takes sessions
 * back.
 */
final class SessionCaller {
  private final Optional<BrowserLogin> login;
  private final TokenVerifier tokens;
  private final Csrf csrf;

  SessionCaller(Optional<BrowserLogin> login, TokenVerifier tokens, Csrf csrf) {
    this.login = login;
    this.tokens = tokens;
    this.csrf = csrf;
  }

  /** The session cookie, where there are sessions and it is there. */
  Optional<String> cookie(Exchange exchange) {
    return login.isEmpty() ? Optional.empty() : Cookies.session(exchange);
  }

  /** The proved caller; fails with a {@link Rejection}. */
  Future<Caller> of(Exchange exchange, String cookie) {
    csrf.check(exchange.request.method(), exchange.request.headers());
    return login
        .orElseThrow()
        .sessions()
        .find(cookie)
        .compose(
            open ->
                tokens.verify(open.session().accessToken()).map(who -> take(exchange, open, who)));
  }

  private static Caller take(Exchange exchange, OpenSession open, Caller caller) {
    boolean same =
        caller.subject().equals(open.session().subject())
            && caller.issuer().equals(open.session().issuer());
    if (!same) {
      throw Rejection.of(
          Problem.UNAUTHENTICATED, "session-subject", "The session is not valid any more.");
    }
    open.cookie().ifPresent(value -> Cookies.setSession(exchange, value));
    exchange.session(open.session());
    return caller;
  }
}
