package io.portcullis.identity;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Typed access to claims: present with the right type, absent, or a refusal that names the claim.
 */
final class ClaimReader {
  private static final int MAX_TEXT_LENGTH = 255;

  /** The year 9999; beyond it no time stamp means anything. */
  private static final double MAX_SECONDS = 253_402_300_799.0;

  private final JsonObject claims;

  ClaimReader(JsonObject claims) {
    this.claims = claims;
  }

  String text(String name) {
    return optionalText(name).orElseThrow(() -> Refusal.CLAIM_MISSING.of(name));
  }

  Optional<String> optionalText(String name) {
    if (!claims.containsKey(name)) {
      return Optional.empty();
    }
    if (claims.getValue(name) instanceof String text
        && !text.isBlank()
        && text.length() <= MAX_TEXT_LENGTH) {
      return Optional.of(text);
    }
    throw Refusal.CLAIM_MALFORMED.of(name);
  }

  /** A NumericDate (RFC 7519, section 2) in milliseconds. */
  long time(String name) {
    return optionalTime(name).orElseThrow(() -> Refusal.CLAIM_MISSING.of(name));
  }

  OptionalLong optionalTime(String name) {
    if (!claims.containsKey(name)) {
      return OptionalLong.empty();
    }
    if (claims.getValue(name) instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= MAX_SECONDS) {
      return OptionalLong.of(
          number instanceof Double seconds
              ? (long) Math.floor(seconds * 1000)
              : number.longValue() * 1000);
    }
    throw Refusal.CLAIM_MALFORMED.of(name);
  }

  /** One string, or an array of strings, as {@code aud} may be. */
  Set<String> textOrTexts(String name) {
    if (!claims.containsKey(name)) {
      throw Refusal.CLAIM_MISSING.of(name);
    }
    return claims.getValue(name) instanceof String text
        ? Set.of(text)
        : texts(claims.getValue(name), name);
  }

  /** The words of a space-separated claim; none when it is absent. */
  Set<String> words(String name) {
    if (!claims.containsKey(name)) {
      return Set.of();
    }
    if (!(claims.getValue(name) instanceof String text)) {
      throw Refusal.CLAIM_MALFORMED.of(name);
    }
    Set<String> words = new LinkedHashSet<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf(' ', start);
      end = end < 0 ? text.length() : end;
      if (end > start) {
        words.add(text.substring(start, end));
      }
      start = end + 1;
    }
    return words;
  }

  /** A member that is an object; empty when absent. */
  Optional<ClaimReader> object(String name) {
    if (!claims.containsKey(name)) {
      return Optional.empty();
    }
    if (claims.getValue(name) instanceof JsonObject object) {
      return Optional.of(new ClaimReader(object));
    }
    throw Refusal.CLAIM_MALFORMED.of(name);
  }

  /** A member that is an array of strings; none when absent. */
  Set<String> texts(String name) {
    return claims.containsKey(name) ? texts(claims.getValue(name), name) : Set.of();
  }

  private static Set<String> texts(Object value, String name) {
    if (!(value instanceof JsonArray array)) {
      throw Refusal.CLAIM_MALFORMED.of(name);
    }
    Set<String> texts = new LinkedHashSet<>();
    for (Object each : array) {
      if (!(each instanceof String text)) {
        throw Refusal.CLAIM_MALFORMED.of(name);
      }
      texts.add(text);
    }
    return texts;
  }
}
