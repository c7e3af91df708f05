package io.portcullis.identity;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;

/**
 * Every way a credential can fail to hold: the stable code that metrics and the audit trail carry,
 * and the sentence that the caller reads.
 */
enum Refusal {
  TOKEN_MISSING("token-missing", "An access token is required."),
  AUTHORIZATION_REPEATED(
      "authorization-repeated", "The request has more than one Authorization header."),
  AUTHORIZATION_SCHEME("authorization-scheme", "The Authorization scheme is not accepted."),
  AUTHORIZATION_MALFORMED(
      "authorization-malformed", "The Authorization header is not a scheme and a well-formed token."),
  TOKEN_TOO_LONG("token-too-long", "The access token is too long."),
  TOKEN_MALFORMED("token-malformed", "The access token is not a well-formed signed JWT."),
  HEADER_CRITICAL(
      "header-critical", "The access token's header demands an extension that is not supported."),
  HEADER_KEY(
      "header-key", "The access token's header brings its own key, which is never accepted."),
  ALGORITHM_REFUSED("algorithm-refused", "The access token's algorithm is not accepted."),
  ISSUER_UNKNOWN("issuer-unknown", "The access token's issuer is not accepted."),
  KEY_UNKNOWN("key-unknown", "The access token's key is not one of its issuer's."),
  KEY_MISMATCH("key-mismatch", "The access token's algorithm does not fit its key."),
  SIGNATURE_INVALID("signature-invalid", "The access token's signature does not hold."),
  NOT_AN_ACCESS_TOKEN("not-an-access-token", "The token is not an access token."),
  TOKEN_BOUND(
      "token-bound", "The token is bound to a key: the scheme DPoP and a proof are required."),
  TOKEN_UNBOUND("token-unbound", "The token is not bound to a key that a DPoP proof can prove."),
  CERTIFICATE_MISSING(
      "certificate-missing", "The token is bound to a client certificate, and none was shown."),
  CERTIFICATE_OTHER("certificate-other", "The token is bound to another client certificate."),
  DPOP_MISSING("dpop-missing", "The header DPoP with a proof is required."),
  DPOP_REPEATED("dpop-repeated", "The request has more than one DPoP header."),
  DPOP_MALFORMED("dpop-malformed", "The DPoP proof is not a well-formed signed JWT of its type."),
  DPOP_ALGORITHM("dpop-algorithm", "The DPoP proof's algorithm is not accepted."),
  DPOP_KEY("dpop-key", "The DPoP proof's key is not a plain public key for its algorithm."),
  DPOP_KEY_OTHER("dpop-key-other", "The DPoP proof is by another key than the token is bound to."),
  DPOP_CLAIM("dpop-claim", "A claim of the DPoP proof is missing or malformed: "),
  DPOP_METHOD("dpop-method", "The DPoP proof is for another method."),
  DPOP_TARGET("dpop-target", "The DPoP proof is for another address."),
  DPOP_TOKEN("dpop-token", "The DPoP proof is for another access token."),
  DPOP_TIME("dpop-time", "The DPoP proof was not made just now, by this server's clock."),
  DPOP_SIGNATURE("dpop-signature", "The DPoP proof's signature does not hold."),
  DPOP_NONCE_MISSING("dpop-nonce-missing", "The DPoP proof needs the nonce of this answer."),
  DPOP_NONCE_STALE("dpop-nonce-stale", "The DPoP proof needs the newer nonce of this answer."),
  DPOP_REPLAYED("dpop-replayed", "The DPoP proof was used before."),
  CLAIM_MISSING("claim-missing", "The access token lacks a required claim: "),
  CLAIM_MALFORMED("claim-malformed", "A claim of the access token is malformed: "),
  TOKEN_EXPIRED("token-expired", "The access token has expired."),
  TOKEN_NOT_YET_VALID("token-not-yet-valid", "The access token is not valid yet."),
  AUDIENCE_WRONG("audience-wrong", "The access token is meant for another audience."),
  CLIENT_WRONG("client-wrong", "The access token was issued to a client that is not accepted."),
  TOKEN_REVOKED("token-revoked", "The access token was revoked.");

  private final String code;
  private final String sentence;

  Refusal(String code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  String code() {
    return code;
  }

  /** The refusal as a value. */
  Rejection rejection() {
    return Rejection.of(Problem.UNAUTHENTICATED, code, sentence);
  }

  /** The refusal naming the claim that caused it. */
  Rejection of(String claim) {
    return Rejection.of(Problem.UNAUTHENTICATED, code, sentence + claim + ".");
  }
}
