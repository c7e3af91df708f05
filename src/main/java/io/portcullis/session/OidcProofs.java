package io.portcullis.session;

import io.portcullis.model.Caller;
import io.portcullis.model.IdToken;
import io.portcullis.model.LogoutToken;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * What a login needs to have proved. Every future fails with a {@link
 * io.portcullis.model.Rejection}: {@code UNAUTHENTICATED} when the token does not hold, else an
 * outage.
 */
public interface OidcProofs {
  /** Proves an ID token, and that it answers what was asked. */
  Future<IdToken> idToken(String token, IdToken.Asked asked);

  /** Proves an access token, as it is proved on each later request. */
  Future<Caller> accessToken(String token);

  /** Proves a logout token; that it counts once is not asked here. */
  Future<LogoutToken> logoutToken(String token);

  /** For how long a logout token could be shown again. */
  Duration logoutTokenLife();
}
