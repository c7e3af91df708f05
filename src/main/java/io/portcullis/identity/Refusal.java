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
  AUTHORIZATION_SCHEME("authorization-scheme", "The Authorization scheme is not accepted."),
  AUTHORIZATION_MALFORMED(
      "authorization-malformed",
      "The Authorization header is not a scheme and a well-formed token."),
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
      "The token is bound to a key: the scheme DPoP and a proof are required.",
      "cnf"),
  TOKEN_UNBOUND(
      "token-unbound", "The token is not bound to a key that a DPoP proof can prove.", "cnf"),
  CERTIFICATE_MISSING(
      "certificate-missing",
      "The token is bound to a client certificate, and none was shown.",
      "cnf"),
  CERTIFICATE_OTHER(
      "certificate-other", "The token is bound to another client certificate.", "cnf"),
  DPOP_MISSING("dpop-missing", "The header DPoP with a proof is required."),
  DPOP_REPEATED("dpop-repeated", "The request has more than one DPoP header."),
  DPOP_MALFORMED("dpop-malformed", "The DPoP proof is not a well-formed signed JWT of its type."),
  DPOP_ALGORITHM("dpop-algorithm", "The DPoP proof's algorithm is not accepted.", "alg"),
  DPOP_KEY("dpop-key", "The DPoP proof's key is not a plain public key for its algorithm.", "jwk"),
  DPOP_KEY_OTHER(
      "dpop-key-other", "The DPoP proof is by another key than the token is bound to.", "cnf"),
  DPOP_CLAIM("dpop-claim", "A claim of the DPoP proof is missing or malformed: "),
  DPOP_METHOD("dpop-method", "The DPoP proof is for another method.", "htm"),
  DPOP_TARGET("dpop-target", "The DPoP proof is for another address.", "htu"),
  DPOP_TOKEN("dpop-token", "The DPoP proof is for another access token.", "ath"),
  DPOP_TIME("dpop-time", "The DPoP proof was not made just now, by this server's clock.", "iat"),
  DPOP_SIGNATURE("dpop-signature", "The DPoP proof's signature does not hold."),
  DPOP_NONCE_MISSING(
      "dpop-nonce-missing", "The DPoP proof needs the nonce of this answer.", "nonce"),
  DPOP_NONCE_STALE(
      "dpop-nonce-stale", "The DPoP proof needs the newer nonce of this answer.", "nonce"),
  DPOP_REPLAYED("dpop-replayed", "The DPoP proof was used before.", "jti"),
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
