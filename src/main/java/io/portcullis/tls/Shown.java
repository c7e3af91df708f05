package io.portcullis.tls;

/** Foreign text for a message: one line, short, in quotes. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  static String of(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return "\"" + (plain.length() > LONGEST ? plain.substring(0, LONGEST) + "…" : plain) + "\"";
  }
}
