package io.portcullis.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The SHA-256 thumbprint of a public JWK (RFC 7638; RFC 8037, section 2), base64url. */
final class JwkThumbprint {
  /** What a key of each type consists of, in the order of the names. */
  private static final Map<String, List<String>> MEMBERS =
      Map.of(
          "RSA", List.of("e", "kty", "n"),
          "EC", List.of("crv", "kty", "x", "y"),
          "OKP", List.of("crv", "kty", "x"));

  private JwkThumbprint() {}

  /** Empty when a member is missing, or has a character that a canonical form would escape. */
  static Optional<String> of(JsonObject jwk) {
    if (!(jwk.getValue("kty") instanceof String type) || !MEMBERS.containsKey(type)) {
      return Optional.empty();
    }
    StringBuilder canonical = new StringBuilder(256);
    for (String name : MEMBERS.get(type)) {
      if (!(jwk.getValue(name) instanceof String value) || !isPlain(value)) {
        return Optional.empty();
      }
      canonical.append(canonical.isEmpty() ? '{' : ',');
      canonical.append('"').append(name).append("\":\"").append(value).append('"');
    }
    return Optional.of(Sha256.base64Url(canonical.append('}').toString().getBytes(US_ASCII)));
  }

  /** Base64url, and the names of types and curves. */
  private static boolean isPlain(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!plain) {
        return false;
      }
    }
    return !value.isEmpty();
  }
}
