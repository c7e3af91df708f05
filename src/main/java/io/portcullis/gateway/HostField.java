package io.portcullis.gateway;

/**
 * {@code Host = uri-host [":" port]} (RFC 9110, section 7.2), without what a host on a network never
 * has: percent escapes, sub-delimiters such as a comma, user information, an empty name or port.
 */
final class HostField {
  private static final int MAX_NAME = 253;
  private static final int MAX_PORT = 65_535;
  private static final int MAX_PORT_DIGITS = 5;

  private HostField() {}

  static boolean isValid(byte[] line, int from, int to) {
    if (from == to) {
      return false;
    }
    int end = line[from] == '[' ? literal(line, from, to) : name(line, from, to);
    if (end == from || end - from > MAX_NAME) {
      return false;
    }
    return end == to || (line[end] == ':' && isPort(line, end + 1, to));
  }

  private static int name(byte[] line, int from, int to) {
    int end = from;
    while (end < to && (isAlphanumeric(line[end]) || isPunctuation(line[end]))) {
      end++;
    }
    return end;
  }

  /** The index behind the closing bracket of an IPv6 address, or the start when there is none. */
  private static int literal(byte[] line, int from, int to) {
    int end = from + 1;
    while (end < to
        && (Character.digit(line[end], 16) >= 0 || line[end] == ':' || line[end] == '.')) {
      end++;
    }
    return end < to && line[end] == ']' && end > from + 2 ? end + 1 : from;
  }

  private static boolean isPort(byte[] line, int from, int to) {
    if (from == to || to - from > MAX_PORT_DIGITS) {
      return false;
    }
    int port = 0;
    for (int i = from; i < to; i++) {
      if (line[i] < '0' || line[i] > '9') {
        return false;
      }
      port = port * 10 + (line[i] - '0');
    }
    return port > 0 && port <= MAX_PORT;
  }

  private static boolean isAlphanumeric(byte c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isPunctuation(byte c) {
    return c == '.' || c == '-' || c == '_';
  }
}
