package io.portcullis.session;

import java.time.Instant;

/**
 * What the issuer's token endpoint answered.
 *
 * @param accessToken the access token, compact
 * @param accessExpires when it ends, by our clock
 * @param refreshToken the refresh token; empty when the answer has none (after a refresh: the old
 *     one stays)
 * @param refreshExpires when that ends; {@link Instant#MAX} when it does not say
 * @param idToken the ID token; empty when the answer has none (after a refresh: the old one stays)
 */
public record Tokens(
    String accessToken,
    Instant accessExpires,
    String refreshToken,
    Instant refreshExpires,
    String idToken) {

  /** The same with an access token that is known to end then, if that is sooner. */
  Tokens until(Instant end) {
    return new Tokens(
        accessToken,
        end.isBefore(accessExpires) ? end : accessExpires,
        refreshToken,
        refreshExpires,
        idToken);
  }

  /** Tells when they end, never what they are. */
  @Override
  public String toString() {
    return "Tokens[until " + accessExpires + "]";
  }
}
