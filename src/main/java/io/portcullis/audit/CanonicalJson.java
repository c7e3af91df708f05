package io.portcullis.audit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON of which there is only one form, so that it can be hashed: the JSON Canonicalization Scheme
 * (RFC 8785) for what the trail needs: objects, arrays, strings, booleans and integers that every
 * JSON reader represents exactly (up to 2^53 - 1).
 *
 * <p>Members are ordered by the UTF-16 code units of their names, which is the natural order of
 * {@link String}; nothing is escaped that need not be.
 */
final class CanonicalJson {
  private static final long MAX_EXACT = (1L << 53) - 1;
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private CanonicalJson() {}

  /**
   * The canonical text.
   *
   * @throws IllegalArgumentException for a value that has no exact canonical form here: a lone
   *     surrogate, a fraction, an integer beyond 2^53 - 1
   */
  static String text(Object value) {
    StringBuilder out = new StringBuilder(256);
    write(value, out);
    return out.toString();
  }

  /** {@link #text} in UTF-8. */
  static byte[] bytes(Object value) {
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case String text -> string(text, out);
      case Integer number -> out.append(number.intValue());
      case Long number when Math.abs(number) <= MAX_EXACT -> out.append(number.longValue());
      case Boolean truth -> out.append(truth.booleanValue());
      case Map<?, ?> members -> object(members, out);
      case List<?> elements -> array(elements, out);
      default ->
          throw new IllegalArgumentException(
              "no canonical form for a " + value.getClass().getSimpleName() + " here");
    }
  }

  private static void object(Map<?, ?> members, StringBuilder out) {
    TreeMap<String, Object> sorted = new TreeMap<>();
    for (Map.Entry<?, ?> member : members.entrySet()) {
      if (member.getKey() instanceof String name && member.getValue() != null) {
        sorted.put(name, member.getValue());
      } else {
        throw new IllegalArgumentException("a member needs a name and a value");
      }
    }
    char before = '{';
    for (Map.Entry<String, Object> member : sorted.entrySet()) {
      out.append(before);
      before = ',';
      string(member.getKey(), out);
      out.append(':');
      write(member.getValue(), out);
    }
    out.append(sorted.isEmpty() ? "{}" : "}");
  }

  private static void array(List<?> elements, StringBuilder out) {
    out.append('[');
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      write(elements.get(i), out);
    }
    out.append(']');
  }

  private static void string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(HEX[c >> 4]).append(HEX[c & 0xf]);
          } else if (Character.isSurrogate(c)) {
            out.append(c).append(lowSurrogate(text, i));
            i++;
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static char lowSurrogate(String text, int high) {
    if (!Character.isHighSurrogate(text.charAt(high))
        || high + 1 >= text.length()
        || !Character.isLowSurrogate(text.charAt(high + 1))) {
      throw new IllegalArgumentException("a lone surrogate has no canonical form");
    }
    return text.charAt(high + 1);
  }
}
