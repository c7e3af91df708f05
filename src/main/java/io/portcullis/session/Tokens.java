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

  /** Tells when they end, never what they are. */
  @Override
  public String toString() {
    return "Tokens[until " + accessExpires + "]";
  }
}
