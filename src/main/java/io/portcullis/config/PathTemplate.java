package io.portcullis.config;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The paths of routes: literal segments, {@code {name}} for one segment, a last {@code *} for the
 * rest. No percent-encoding and no dot segments, so that a template means one path only.
 */
final class PathTemplate {
  private static final Pattern LITERAL = Pattern.compile("[A-Za-z0-9._~!$&'()+,;=:@-]+");
  private static final Pattern PARAMETER = Pattern.compile("\\{[a-z][A-Za-z0-9]*}");
  private static final int LONGEST = 256;

  private PathTemplate() {}

  static Form<String> form() {
    return new Form<>(
        "a path such as /api/v1/conversations/{id}",
        "/api/v1/me",
        text -> {
          check(text);
          return text;
        });
  }

  /** Two templates of the same shape take the same paths. */
  static String shape(String template) {
    return template.replaceAll("\\{[^}]*}", "{}");
  }

  private static void check(String text) {
    if (!text.startsWith("/")) {
      throw new BadValueException("does not start with /");
    }
    if (text.length() > LONGEST) {
      throw new BadValueException("is longer than " + LONGEST + " characters");
    }
    if (text.equals("/")) {
      return;
    }
    String[] segments = text.substring(1).split("/", -1);
    Set<String> parameters = new HashSet<>();
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.isEmpty()) {
        throw new BadValueException("has an empty segment");
      }
      if (segment.equals(".") || segment.equals("..")) {
        throw new BadValueException("has a dot segment");
      }
      boolean rest = segment.equals("*");
      if (rest && i < segments.length - 1) {
        throw new BadValueException("has a * before its end");
      }
      boolean parameter = PARAMETER.matcher(segment).matches();
      if (!rest && !parameter && !LITERAL.matcher(segment).matches()) {
        throw new BadValueException("has the bad segment " + Quote.of(segment));
      }
      if (parameter && !parameters.add(segment)) {
        throw new BadValueException("has " + segment + " twice");
      }
    }
  }
}
