package io.portcullis.identity;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The protected header of a token, after everything in it that could change what a signature means
 * has been refused: critical extensions, unencoded payloads, compression, and keys that the token
 * brings along or points to (RFC 8725, sections 3.1, 3.10, 3.11).
 *
 * @param algorithm what the token says it is signed with
 * @param keyId which key it says it is signed with
 * @param type what it says it is, in lower case and without {@code application/}; empty when it
 *     does not say
 */
record JoseHeader(Algorithm algorithm, Optional<String> keyId, String type) {
  private static final int MAX_KEY_ID_LENGTH = 256;
  private static final String APPLICATION = "application/";
  private static final String ACCESS_TOKEN = "at+jwt";

  /** What no kind of token is called. */
  private static final String UNREADABLE = "?";

  static final List<String> EXTENSIONS = List.of("crit", "b64", "zip", "enc");
  private static final List<String> KEYS = List.of("jwk", "jku", "x5u", "x5c");

  static JoseHeader read(JsonObject header) {
    if (EXTENSIONS.stream().anyMatch(header::containsKey)) {
      throw Refusal.HEADER_CRITICAL.rejection();
    }
    if (KEYS.stream().anyMatch(header::containsKey)) {
      throw Refusal.HEADER_KEY.rejection();
    }
    if (!(header.getValue("alg") instanceof String name)) {
      throw Refusal.ALGORITHM_REFUSED.rejection();
    }
    Algorithm algorithm = Algorithm.named(name).orElseThrow(Refusal.ALGORITHM_REFUSED::rejection);
    return new JoseHeader(algorithm, keyId(header), type(header));
  }

  private static Optional<String> keyId(JsonObject header) {
    if (!header.containsKey("kid")) {
      return Optional.empty();
    }
    if (header.getValue("kid") instanceof String id
        && !id.isEmpty()
        && id.length() <= MAX_KEY_ID_LENGTH) {
      return Optional.of(id);
    }
    throw Refusal.TOKEN_MALFORMED.rejection();
  }

  /** {@code typ} is a media type: any case, {@code application/} may be left out. */
  private static String type(JsonObject header) {
    if (!header.containsKey("typ")) {
      return "";
    }
    if (!(header.getValue("typ") instanceof String type)) {
      return UNREADABLE;
    }
    String lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith(APPLICATION) ? lower.substring(APPLICATION.length()) : lower;
  }

  /** Whether the header itself says that this is an access token (RFC 9068, section 2.1). */
  boolean isAccessToken() {
    if (!type.equals(ACCESS_TOKEN) && !isPlain()) {
      throw Refusal.NOT_AN_ACCESS_TOKEN.rejection();
    }
    return type.equals(ACCESS_TOKEN);
  }

  /** Whether the header says nothing of the token's purpose. */
  boolean isPlain() {
    return type.isEmpty() || type.equals("jwt");
  }
}
