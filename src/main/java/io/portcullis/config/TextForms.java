package io.portcullis.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names, words out of a fixed set, and paths of files. */
final class TextForms {
  private static final Set<String> ALGORITHMS =
      Set.of(
          "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA");

  private TextForms() {}

  /** A short name of ours: {@code [a-z][a-z0-9-]*}. */
  static Form<String> shortName() {
    return text("[a-z][a-z0-9-]{0,62}", "a name of a-z, 0-9 and -, a letter first", "chat");
  }

  /** The role in a SPIFFE name of ours. */
  static Form<String> roleName() {
    return text("[a-z][a-z0-9-]{0,31}", "a role of a-z, 0-9 and -, a letter first", "nginx");
  }

  /** A word of somebody else's: a role, a scope, a client. */
  static Form<String> word() {
    return text(
        "[!-~&&[^,\"\\\\]]{1,255}", "a word without spaces, commas and quotes", "portcullis");
  }

  /** The name of a database, a login or a realm. */
  static Form<String> identifier() {
    return text("[A-Za-z_][A-Za-z0-9_-]{0,62}", "a name of letters, digits, _ and -", "portcullis");
  }

  static Form<String> text(String pattern, String expected, String sample) {
    Pattern compiled = Pattern.compile(pattern);
    return new Form<>(
        expected,
        sample,
        text -> {
          if (!compiled.matcher(text).matches()) {
            throw new BadValueException(text.isEmpty() ? "is empty" : "is not allowed here");
          }
          return text;
        });
  }

  static Form<String> orEmpty(Form<String> form) {
    return new Form<>(
        form.expected() + ", or empty",
        form.sample(),
        text -> text.isEmpty() ? text : form.parse(text));
  }

  static Form<String> oneOf(String... words) {
    List<String> allowed = List.of(words);
    return new Form<>(
        "one of " + String.join(", ", allowed),
        allowed.getFirst(),
        text -> {
          if (!allowed.contains(text)) {
            throw new BadValueException("is unknown" + Suggestion.of(text, allowed));
          }
          return text;
        });
  }

  static Form<Boolean> trueOrFalse() {
    return oneOf("true", "false").map(Boolean::valueOf);
  }

  /** The name of a header (RFC 9110, section 5.1); no wildcard. */
  static Form<String> headerName() {
    return text("[A-Za-z][A-Za-z0-9-]{0,63}", "the name of a header", "Content-Type");
  }

  static <E extends Enum<E>> Form<E> choice(Class<E> type) {
    String[] words =
        Stream.of(type.getEnumConstants()).map(TextForms::spelling).toArray(String[]::new);
    return oneOf(words)
        .map(text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')));
  }

  static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * A JWS algorithm that proves who signed. With a symmetric one whoever can verify can also sign,
   * and {@code none} proves nothing: neither can be switched on.
   */
  static Form<String> algorithm() {
    String expected = "one of " + ALGORITHMS.stream().sorted().collect(Collectors.joining(", "));
    return new Form<>(
        expected,
        "RS256",
        text -> {
          String upper = text.toUpperCase(Locale.ROOT);
          if (upper.startsWith("HS")) {
            throw new BadValueException("is symmetric: whoever can verify could also sign");
          }
          if (upper.equals("NONE")) {
            throw new BadValueException("proves nothing");
          }
          if (!ALGORITHMS.contains(text)) {
            throw new BadValueException("is unknown" + Suggestion.of(text, ALGORITHMS));
          }
          return text;
        });
  }

  static Form<Path> path() {
    return new Form<>(
        "a path",
        ".portcullis/node",
        text -> {
          if (text.isEmpty()) {
            throw new BadValueException("is empty");
          }
          try {
            return Path.of(text);
          } catch (InvalidPathException e) {
            throw new BadValueException("is not a path");
          }
        });
  }
}
