package io.portcullis.config;

import java.util.Locale;

/**
 * One key as the code declares it: the only place where its form, default and meaning stand.
 *
 * @param key the full key; {@code <name>} stands for any name and {@code []} for any item when no
 *     file is at hand
 * @param expected what a right value looks like
 * @param fallback the default as shown: a text, {@code required} or {@code none}
 * @param sample a right value
 * @param about one line of what it is
 * @param overridable whether a variable may override it
 * @param secret whether its value never shows
 */
record Declaration(
    String key,
    String expected,
    String fallback,
    String sample,
    String about,
    boolean overridable,
    boolean secret) {
  static final String REQUIRED = "required";
  static final String NONE = "none";
  static final String PREFIX = "PORTCULLIS_";

  /** The environment variable that overrides it. */
  String variable() {
    return variable(key);
  }

  static String variable(String key) {
    return PREFIX + key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
