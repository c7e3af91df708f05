package io.portcullis.session;

import io.portcullis.model.IdToken;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A login under way, as its browser keeps it for us. Three secrets of 256 bits tie its steps
 * together: the state ties the answer to this browser (RFC 6749, section 10.12), the nonce the ID
 * token to this login (OpenID Connect Core 1.0, section 15.5.2), the verifier the code to this
 * node's request for it (RFC 7636).
 *
 * @param state returned by the issuer beside the code
 * @param nonce returned by the issuer in the ID token
 * @param verifier shown to the issuer with the code
 * @param wish what was asked for
 * @param session the session cookie that the browser had when it left; empty for none. On its way
 *     back from another site it does not send it
 * @param began when it left
 */
record LoginAttempt(
    String state, String nonce, String verifier, LoginWish wish, String session, Instant began) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SECRET_BYTES = 32;

  static LoginAttempt begin(LoginWish wish, String session, Instant now) {
    return new LoginAttempt(secret(), secret(), secret(), wish, session, now);
  }

  private static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether the person shall prove anew who they are. */
  boolean stepUp() {
    return !wish.level().isEmpty();
  }

  /** What the ID token must say. */
  IdToken.Asked asked() {
    return new IdToken.Asked(nonce, stepUp() ? Optional.of(began) : Optional.empty(), wish.level());
  }

  @Override
  public String toString() {
    return "LoginAttempt[" + wish + " since " + began + "]";
  }
}
