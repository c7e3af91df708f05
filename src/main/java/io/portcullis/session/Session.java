package io.portcullis.session;

import java.time.Instant;

/**
 * One browser's login. Immutable; shared between event loops. Its access token is no proof by
 * itself: whoever acts on it verifies it on each use, and compares its subject with this one.
 *
 * @param id a public name of the session, which stays the same for its whole life; safe to show
 * @param issuer the issuer, exactly as in {@code iss}
 * @param tenant the alias of the organization chosen at login; may be empty
 * @param subject the issuer's permanent id of the person
 * @param username the name to show
 * @param providerSession the issuer's session ({@code sid}); may be empty
 * @param accessToken the present access token
 * @param accessObtained when we got it
 * @param accessExpires when it ends
 * @param refreshToken the present refresh token; may be empty
 * @param refreshExpires when that ends, at most the end of the session
 * @param idToken the last ID token; may be empty
 * @param authenticatedAt when the person last proved who they are
 * @param level how strongly; may be empty
 * @param created when the session began
 * @param absoluteEnd when it ends, however busy it is
 * @param rotated when it got its present handle
 * @param generation how often the stored record was written; writes with an old one are refused
 */
public record Session(
    String id,
    String issuer,
    String tenant,
    String subject,
    String username,
    String providerSession,
    String accessToken,
    Instant accessObtained,
    Instant accessExpires,
    String refreshToken,
    Instant refreshExpires,
    String idToken,
    Instant authenticatedAt,
    String level,
    Instant created,
    Instant absoluteEnd,
    Instant rotated,
    long generation) {

  /** Whether the access token is over. */
  boolean accessOver(Instant now) {
    return !now.isBefore(accessExpires);
  }

  /** Whether there is something left to refresh with. */
  boolean refreshable(Instant now) {
    return !refreshToken.isEmpty() && now.isBefore(refreshExpires);
  }

  /** Names it without anything that could be used. */
  @Override
  public String toString() {
    return "Session[" + id + " of " + subject + " until " + absoluteEnd + "]";
  }
}
