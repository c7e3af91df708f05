package io.portcullis.session;

import io.portcullis.model.LogoutToken;
import io.portcullis.model.Problem;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * The issuer tells us that a login is over (OpenID Connect Back-Channel Logout 1.0). Its token is
 * proved, counts once, and then every session and credential of that login ends on every node. A
 * login that is unknown here has ended already: that is no error.
 *
 * <p>Fails with {@code invalid-request} when the token does not hold, with 503 when not everything
 * could be done; then the same token may come again.
 */
public final class BackChannel {
  private final OidcProofs proofs;
  private final LogoutOnce once;
  private final LogoutSpread spread;
  private final Sessions sessions;

  BackChannel(OidcProofs proofs, LogoutOnce once, LogoutSpread spread, Sessions sessions) {
    this.proofs = proofs;
    this.once = once;
    this.spread = spread;
    this.sessions = sessions;
  }

  /**
   * Completes when everything has ended and that is recorded.
   *
   * @param record writes it down; when that fails the token may come again too
   */
  public Future<Over> logout(String token, Function<Over, Future<Void>> record) {
    return proofs
        .logoutToken(token)
        .recover(failure -> Future.failedFuture(invalid(failure)))
        .compose(
            logout ->
                once.run(logout, () -> end(logout).compose(over -> record.apply(over).map(over))));
  }

  private Future<Over> end(LogoutToken logout) {
    return spread
        .ended(logout)
        .compose(
            done ->
                logout.session().isEmpty()
                    ? sessions.endBySubject(logout.issuer(), logout.subject())
                    : sessions.endByProviderSession(logout.issuer(), logout.session()))
        .map(ended -> new Over(logout, ended));
  }

  private static Throwable invalid(Throwable failure) {
    return TokenDoubt.as(
        Problem.INVALID_REQUEST, "logout-", "The logout token does not hold.", failure);
  }

  /**
   * What has ended.
   *
   * @param logout the proved token
   * @param sessions how many sessions of ours
   */
  public record Over(LogoutToken logout, int sessions) {}
}
