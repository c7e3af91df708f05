package io.portcullis.config;

/**
 * Shows a text from outside on one line: quoted, shortened, control characters escaped, and without
 * the credentials that an address may carry.
 */
final class Quote {
  private static final int LONGEST = 60;

  private Quote() {}

  static String of(String text) {
    return '"' + plain(withoutCredentials(text), LONGEST) + '"';
  }

  /** The same without quotes and, up to a generous bound, in full. */
  static String plain(String text) {
    return plain(text, 1000);
  }

  private static String withoutCredentials(String text) {
    int begin = text.indexOf("//");
    int end = text.lastIndexOf('@');
    return begin < 0 || end < begin
        ? text
        : text.substring(0, begin) + "//******" + text.substring(end);
  }

  private static String plain(String text, int longest) {
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < text.length() && i < longest; i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        shown.append(String.format("\\u%04x", (int) c));
      } else {
        shown.append(c);
      }
    }
    return text.length() > longest ? shown.append('…').toString() : shown.toString();
  }
}
