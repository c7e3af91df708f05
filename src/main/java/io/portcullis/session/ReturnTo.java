package io.portcullis.session;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;

/**
 * Where a browser goes after its login: an absolute path on this host and nothing else. Whatever
 * some browser or proxy could read as another host is refused and not mended: a second slash, a
 * backslash, dot segments, anything below a space, and all of these behind percent escapes.
 */
final class ReturnTo {
  private static final int MAX_LENGTH = 1024;
  private static final String HEX = "0123456789abcdef0123456789ABCDEF";
  private static final String PATH = "-._~!$&'()*+,=:@/";
  private static final String BEHIND = PATH + "?;";

  private ReturnTo() {}

  /**
   * The path, as it came.
   *
   * @throws Rejection {@code invalid-request} when it is anything else
   */
  static String checked(String text) {
    if (text.length() > MAX_LENGTH || !text.startsWith("/")) {
      throw refused();
    }
    int end = 1;
    while (end < text.length() && text.charAt(end) != '?' && text.charAt(end) != '#') {
      end++;
    }
    checkPath(text.substring(0, end));
    int fragment = text.indexOf('#', end);
    int queryEnd = fragment < 0 ? text.length() : fragment;
    characters(text, end, queryEnd, BEHIND);
    if (fragment >= 0) {
      characters(text, fragment + 1, text.length(), BEHIND);
    }
    return text;
  }

  private static void checkPath(String path) {
    characters(path, 0, path.length(), PATH);
    String[] segments = path.substring(1).split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      boolean last = i == segments.length - 1;
      String segment = segments[i].replace("%2e", ".").replace("%2E", ".");
      if ((segment.isEmpty() && !last) || segment.equals(".") || segment.equals("..")) {
        throw refused();
      }
    }
  }

  private static void characters(String text, int from, int to, String allowed) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c == '%') {
        escape(text, i, to);
        i += 2;
      } else if (!isAlphanumeric(c) && allowed.indexOf(c) < 0) {
        throw refused();
      }
    }
  }

  /** An escape that hides nothing which matters to anybody on the way. */
  private static void escape(String text, int at, int to) {
    int high = at + 2 < to ? HEX.indexOf(text.charAt(at + 1)) % 16 : -1;
    int low = at + 2 < to ? HEX.indexOf(text.charAt(at + 2)) % 16 : -1;
    int value = high * 16 + low;
    if (high < 0
        || low < 0
        || value < 0x20
        || value == 0x7f
        || value == '/'
        || value == '\\'
        || value == '%') {
      throw refused();
    }
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static Rejection refused() {
    return Rejection.of(
        Problem.INVALID_REQUEST,
        "login-return-to",
        "The parameter return_to must be an absolute path on this host.");
  }
}
