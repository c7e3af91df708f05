package io.portcullis.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What a verified ID token says (OpenID Connect Core 1.0, section 2). Immutable.
 *
 * @param issuer who issued it
 * @param subject the issuer's permanent id of the person
 * @param session the issuer's session of this login ({@code sid}); empty when it has none
 * @param issuedAt when it was issued
 * @param expiresAt when it ends
 * @param authenticatedAt when the person last proved who they are ({@code auth_time})
 * @param level how strongly they proved it ({@code acr}); empty when it does not say
 */
public record IdToken(
    String issuer,
    String subject,
    String session,
    Instant issuedAt,
    Instant expiresAt,
    Optional<Instant> authenticatedAt,
    String level) {

  /**
   * What was asked for when the person was sent to the issuer, which its ID token must fulfil.
   *
   * @param nonce the value that ties the token to this one login
   * @param authenticatedSince the person must have proved who they are since then
   * @param level and at least this strongly, see {@link Level}; empty for any
   */
  public record Asked(String nonce, Optional<Instant> authenticatedSince, String level) {
    @Override
    public String toString() {
      return "Asked[level=" + level + "]";
    }
  }
}
