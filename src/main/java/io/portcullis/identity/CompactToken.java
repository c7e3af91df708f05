package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.vertx.core.json.JsonObject;

/**
 * A token taken apart (JWS Compact Serialization, RFC 7515, section 7.1): exactly three canonical
 * base64url segments whose first two are strict JSON objects. Nothing in it is proved yet.
 */
final class CompactToken {
  /** What headers and claims of real issuers need, several times over. */
  private static final JsonLimits HEADER_LIMITS = new JsonLimits(4096, 4, 2048, 64);

  private static final JsonLimits CLAIMS_LIMITS = new JsonLimits(64 * 1024, 8, 8192, 2000);

  private final JoseHeader header;
  private final JsonObject claims;
  private final byte[] signingInput;
  private final byte[] signature;

  private CompactToken(
      JoseHeader header, JsonObject claims, byte[] signingInput, byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  /**
   * Takes a token apart.
   *
   * @throws io.portcullis.model.Rejection when it is anything but a well-formed signed JWT
   */
  static CompactToken parse(String token) {
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    if (first < 0 || second < 0 || token.indexOf('.', second + 1) >= 0) {
      throw Refusal.TOKEN_MALFORMED.rejection();
    }
    JoseHeader header = JoseHeader.read(object(token.substring(0, first), HEADER_LIMITS));
    JsonObject claims = object(token.substring(first + 1, second), CLAIMS_LIMITS);
    byte[] signature = decode(token.substring(second + 1));
    return new CompactToken(
        header, claims, token.substring(0, second).getBytes(US_ASCII), signature);
  }

  private static JsonObject object(String segment, JsonLimits limits) {
    try {
      return JsonText.parseObject(decode(segment), limits);
    } catch (JsonTextException e) {
      throw Refusal.TOKEN_MALFORMED.rejection();
    }
  }

  private static byte[] decode(String segment) {
    return Base64Url.decode(segment).orElseThrow(Refusal.TOKEN_MALFORMED::rejection);
  }

  JoseHeader header() {
    return header;
  }

  /** Unproved until {@link #isSignedBy} said yes. */
  JsonObject claims() {
    return claims;
  }

  /** The issuer that the token claims, which only selects whose keys to try. */
  String claimedIssuer() {
    if (claims.getValue("iss") instanceof String issuer) {
      return issuer;
    }
    throw claims.containsKey("iss")
        ? Refusal.CLAIM_MALFORMED.of("iss")
        : Refusal.CLAIM_MISSING.of("iss");
  }

  boolean isSignedBy(SigningKey key) {
    return key.fits(header.algorithm())
        && header.algorithm().verifies(key.key(), signingInput, signature);
  }
}
