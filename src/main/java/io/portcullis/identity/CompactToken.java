package io.portcullis.identity;

import io.vertx.core.json.JsonObject;

/** A token taken apart, by the form of its header an access token. Nothing in it is proved yet. */
final class CompactToken {
  private final JoseHeader header;
  private final CompactJws jws;

  private CompactToken(JoseHeader header, CompactJws jws) {
    this.header = header;
    this.jws = jws;
  }

  /**
   * Takes a token apart.
   *
   * @throws io.portcullis.model.Rejection when it is anything but a well-formed signed JWT
   */
  static CompactToken parse(String token) {
    CompactJws jws = CompactJws.parse(token, Refusal.TOKEN_MALFORMED);
    return new CompactToken(JoseHeader.read(jws.header()), jws);
  }

  JoseHeader header() {
    return header;
  }

  /** Unproved until {@link #isSignedBy} said yes. */
  JsonObject claims() {
    return jws.claims();
  }

  /** The issuer that the token claims, which only selects whose keys to try. */
  String claimedIssuer() {
    JsonObject claims = jws.claims();
    if (claims.getValue("iss") instanceof String issuer) {
      return issuer;
    }
    throw claims.containsKey("iss")
        ? Refusal.CLAIM_MALFORMED.of("iss")
        : Refusal.CLAIM_MISSING.of("iss");
  }

  boolean isSignedBy(SigningKey key) {
    return key.fits(header.algorithm()) && jws.isSignedBy(key.key(), header.algorithm());
  }
}
