package io.portcullis.identity;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;

/**
 * Every way a credential can fail to hold: the stable code that metrics and the audit trail carry,
 * the sentence that the caller reads, and the claim or header member that the trail names.
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
      "header-critical",
      "The access token's header demands an extension that is not supported.",
      "crit"),
  HEADER_KEY(
      "header-key",
      "The access token's header brings its own key, which is never accepted.",
      "jwk"),
  ALGORITHM_REFUSED("algorithm-refused", "The access token's algorithm is not accepted.", "alg"),
  ISSUER_UNKNOWN("issuer-unknown", "The access token's issuer is not accepted.", "iss"),
  KEY_UNKNOWN("key-unknown", "The access token's key is not one of its issuer's.", "kid"),
  KEY_MISMATCH("key-mismatch", "The access token's algorithm does not fit its key.", "kid"),
  SIGNATURE_INVALID("signature-invalid", "The access token's signature does not hold."),
  NOT_AN_ACCESS_TOKEN("not-an-access-token", "The token is not an access token.", "typ"),
  TOKEN_BOUND(
      "token-bound",
      "The token is bound to a key of its holder, which is not supported here.",
      "cnf"),
  CLAIM_MISSING("claim-missing", "The access token lacks a required claim: "),
  CLAIM_MALFORMED("claim-malformed", "A claim of the access token is malformed: "),
  TOKEN_EXPIRED("token-expired", "The access token has expired.", "exp"),
  TOKEN_NOT_YET_VALID("token-not-yet-valid", "The access token is not valid yet.", "nbf"),
  AUDIENCE_WRONG("audience-wrong", "The access token is meant for another audience.", "aud"),
  CLIENT_WRONG(
      "client-wrong", "The access token was issued to a client that is not accepted.", "azp"),
  TOKEN_LIVES_TOO_LONG("token-lives-too-long", "The access token is valid for too long.", "exp"),
  TOKEN_REVOKED("token-revoked", "The access token was revoked."),
  NOT_AN_ID_TOKEN("not-an-id-token", "The token is not an ID token of this login.", "typ"),
  NONCE_WRONG("nonce-wrong", "The ID token belongs to another login.", "nonce"),
  AUTHENTICATION_OLD(
      "authentication-old", "The authentication is older than what was asked for.", "auth_time"),
  LEVEL_NOT_REACHED(
      "level-not-reached", "The authentication is weaker than what was asked for.", "acr"),
  NOT_A_LOGOUT_TOKEN("not-a-logout-token", "The token is not a logout token.", "typ"),
  LOGOUT_EVENT_MISSING(
      "logout-event-missing", "The logout token does not say that it is one.", "events"),
  LOGOUT_WITH_NONCE("logout-with-nonce", "A logout token never has a nonce.", "nonce"),
  LOGOUT_OF_NOBODY("logout-of-nobody", "The logout token names neither a session nor a subject."),
  LOGOUT_OLD("logout-old", "The logout token is not fresh.", "iat");

  private static final String CLAIM = "claim";

  private final String code;
  private final String sentence;
  private final String claim;

  Refusal(String code, String sentence) {
    this(code, sentence, "");
  }

  Refusal(String code, String sentence, String claim) {
    this.code = code;
    this.sentence = sentence;
    this.claim = claim;
  }

  String code() {
    return code;
  }

  /** The refusal as a value. */
  Rejection rejection() {
    Rejection rejection = Rejection.of(Problem.UNAUTHENTICATED, code, sentence);
    return claim.isEmpty() ? rejection : rejection.with(CLAIM, claim);
  }

  /** The refusal naming the claim that caused it. */
  Rejection of(String claim) {
    return Rejection.of(Problem.UNAUTHENTICATED, code, sentence + claim + ".").with(CLAIM, claim);
  }
}
