package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.vertx.core.json.JsonObject;
import java.security.PublicKey;

/**
 * Something signed, taken apart (JWS Compact Serialization, RFC 7515, section 7.1): exactly three
 * canonical base64url segments whose first two are strict JSON objects. Nothing in it is proved
 * yet.
 */
final class CompactJws {
  /** What headers and claims of real issuers need, several times over. */
  private static final JsonLimits HEADER_LIMITS = new JsonLimits(4096, 4, 2048, 64);

  private static final JsonLimits CLAIMS_LIMITS = new JsonLimits(64 * 1024, 8, 8192, 2000);

  private final JsonObject header;
  private final JsonObject claims;
  private final byte[] signingInput;
  private final byte[] signature;

  private CompactJws(JsonObject header, JsonObject claims, byte[] signingInput, byte[] signature) {
    this.header = header;
    this.claims = claims;
    this.signingInput = signingInput;
    this.signature = signature;
  }

  /**
   * Takes a text apart.
   *
   * @param malformed what the rejection says when it is not of that form
   */
  static CompactJws parse(String text, Refusal malformed) {
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (first < 0 || second < 0 || text.indexOf('.', second + 1) >= 0) {
      throw malformed.rejection();
    }
    JsonObject header = object(text.substring(0, first), HEADER_LIMITS, malformed);
    JsonObject claims = object(text.substring(first + 1, second), CLAIMS_LIMITS, malformed);
    byte[] signature = decode(text.substring(second + 1), malformed);
    return new CompactJws(header, claims, text.substring(0, second).getBytes(US_ASCII), signature);
  }

  private static JsonObject object(String segment, JsonLimits limits, Refusal malformed) {
    try {
      return JsonText.parseObject(decode(segment, malformed), limits);
    } catch (JsonTextException e) {
      throw malformed.rejection();
    }
  }

  private static byte[] decode(String segment, Refusal malformed) {
    return Base64Url.decode(segment).orElseThrow(malformed::rejection);
  }

  JsonObject header() {
    return header;
  }

  JsonObject claims() {
    return claims;
  }

  boolean isSignedBy(PublicKey key, Algorithm algorithm) {
    return algorithm.verifies(key, signingInput, signature);
  }
}
