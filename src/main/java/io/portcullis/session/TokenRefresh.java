package io.portcullis.session;

import io.vertx.core.Future;

/** Asks the issuer for new tokens. */
@FunctionalInterface
public interface TokenRefresh {
  /**
   * One call of the token endpoint, with a deadline of its own.
   *
   * @return the new tokens. Fails with a {@link io.portcullis.model.Rejection} of {@code
   *     UNAUTHENTICATED} exactly when the issuer refused this refresh token ({@code
   *     invalid_grant}), which ends the session. Every other failure is an outage, also when the
   *     issuer refuses <em>us</em> ({@code invalid_client}): the session stays
   */
  Future<Tokens> refresh(String refreshToken);
}
