package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The strict reading of a request target. One path has one spelling: whatever different parts of a
 * chain could read differently (dot segments, empty segments, encoded slashes, parameters after a
 * semicolon, control characters, broken escapes) is refused instead of normalised, so no spelling
 * slips past a rule that was written for another.
 */
final class RequestTarget {
  private static final int MAX_PARAMETERS = 32;
  private static final boolean[] PLAIN = plain();

  private RequestTarget() {}

  /** The path, as it came, once it is known to have a single reading. */
  static String path(String uri) {
    if (uri.isEmpty() || uri.charAt(0) != '/') {
      throw invalid("target-form", "The request target must be an absolute path.");
    }
    int end = uri.indexOf('?');
    if (end < 0) {
      end = uri.length();
    }
    boolean escaped = false;
    for (int i = 0; i < end; i++) {
      char c = uri.charAt(i);
      if (c >= 128 || !PLAIN[c]) {
        if (c != '%') {
          throw invalid("path-character", "The path contains a character that is not allowed.");
        }
        escaped = true;
      }
      if (c == '/' && i > 0 && uri.charAt(i - 1) == '/') {
        throw invalid("path-empty-segment", "The path contains an empty segment.");
      }
      if (c == '.' && uri.charAt(i - 1) == '/' && dotSegment(uri, i, end)) {
        throw invalid("path-dot-segment", "The path contains a dot segment.");
      }
    }
    if (end > 1 && uri.charAt(end - 1) == '/') {
      throw invalid("path-empty-segment", "The path ends with a slash.");
    }
    String path = uri.substring(0, end);
    if (escaped) {
      decode(path, "path");
    }
    return path;
  }

  /**
   * The query as a map; a repeated parameter is refused because services would read it differently.
   */
  static Map<String, String> query(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return Map.of();
    }
    if (query.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      throw invalid("query-character", "The query contains a character that must be escaped.");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name =
          decode((equals < 0 ? pair : pair.substring(0, equals)).replace('+', ' '), "query");
      String value =
          equals < 0 ? "" : decode(pair.substring(equals + 1).replace('+', ' '), "query");
      if (name.isEmpty()) {
        throw invalid("query-name", "The query contains a parameter without a name.");
      }
      if (parameters.putIfAbsent(name, value) != null) {
        throw invalid(
            "query-repeated", "The query parameter \"" + printable(name) + "\" is repeated.");
      }
      if (parameters.size() > MAX_PARAMETERS) {
        throw invalid("query-size", "The query has more than " + MAX_PARAMETERS + " parameters.");
      }
    }
    return parameters;
  }

  /**
   * Decodes percent escapes strictly: valid UTF-8, no encoded slash, backslash, dot segment or
   * control character.
   */
  static String decode(String text, String where) {
    int percent = text.indexOf('%');
    if (percent < 0) {
      return text;
    }
    byte[] bytes = new byte[text.length()];
    int length = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%') {
        bytes[length++] = (byte) c;
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw invalid(where + "-escape", "The " + where + " contains a broken percent escape.");
      }
      int value = (high << 4) | low;
      boolean hidden =
          (value < 128 && PLAIN[value]) || value == '\\' || value == '%' || value == ';';
      if (value == 0 || ("path".equals(where) && (hidden || value < 0x20 || value == 0x7f))) {
        throw invalid(
            where + "-escape", "The " + where + " hides a character behind a percent escape.");
      }
      bytes[length++] = (byte) value;
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid(where + "-encoding", "The " + where + " is not valid UTF-8.");
    }
  }

  private static boolean dotSegment(String uri, int dot, int end) {
    int next = dot + 1;
    if (next < end && uri.charAt(next) == '.') {
      next++;
    }
    return next == end || uri.charAt(next) == '/';
  }

  private static String printable(String text) {
    String safe = text.replaceAll("[^\\x20-\\x7e]", "?").replace('"', '\'');
    return safe.length() <= 64 ? safe : safe.substring(0, 64) + "…";
  }

  private static Rejection invalid(String reason, String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, reason, detail);
  }

  private static boolean[] plain() {
    boolean[] allowed = new boolean[128];
    String characters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@/";
    characters.chars().forEach(c -> allowed[c] = true);
    return allowed;
  }
}
