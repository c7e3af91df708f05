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
  AUTHORIZATION_SCHEME("authorization-scheme", "The Authorization scheme must be Bearer."),
  AUTHORIZATION_MALFORMED(
      "authorization-malformed", "The Authorization header is not a well-formed Bearer token."),
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
      "token-bound", "The token is bound to a key of its holder, which is not supported here."),
  CLAIM_MISSING("claim-missing", "The access token lacks a required claim: "),
  CLAIM_MALFORMED("claim-malformed", "A claim of the access token is malformed: "),
  TOKEN_EXPIRED("token-expired", "The access token has expired."),
  TOKEN_NOT_YET_VALID("token-not-yet-valid", "The access token is not valid yet."),
  AUDIENCE_WRONG("audience-wrong", "The access token is meant for another audience."),
  CLIENT_WRONG("client-wrong", "The access token was issued to a client that is not accepted."),
  TOKEN_REVOKED("token-revoked", "The access token was revoked."),
  NOT_AN_ID_TOKEN("not-an-id-token", "The token is not an ID token of this login."),
  NONCE_WRONG("nonce-wrong", "The ID token belongs to another login."),
  AUTHENTICATION_OLD("authentication-old", "The authentication is older than what was asked for."),
  LEVEL_NOT_REACHED("level-not-reached", "The authentication is weaker than what was asked for."),
  NOT_A_LOGOUT_TOKEN("not-a-logout-token", "The token is not a logout token."),
  LOGOUT_EVENT_MISSING("logout-event-missing", "The logout token does not say that it is one."),
  LOGOUT_WITH_NONCE("logout-with-nonce", "A logout token never has a nonce."),
  LOGOUT_OF_NOBODY("logout-of-nobody", "The logout token names neither a session nor a subject."),
  LOGOUT_OLD("logout-old", "The logout token is not fresh.");

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
