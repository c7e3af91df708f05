package io.portcullis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a page names as its proof, between back quotes: tests ({@code edge/SmugglingIT}, perhaps
 * with {@code #method}), classes ({@code gateway/Framing}) and paths from the root. Anything else
 * between back quotes is no proof.
 */
record Citation(Kind kind, String name, Path path, Optional<String> method) {
  enum Kind {
    TEST,
    CLASS,
    PATH
  }

  private static final Pattern QUOTED = Pattern.compile("`([^`\n]+)`");
  private static final Pattern TEST =
      Pattern.compile("((?:[a-z]+/)?[A-Z][A-Za-z0-9]*(?:Test|IT))(?:#(\\w+))?");
  private static final Pattern CLASS = Pattern.compile("[a-z]+/[A-Z][A-Za-z0-9]*");
  private static final Pattern PATH =
      Pattern.compile("(?:docs|nginx|src|docker|conf|prometheus|\\.ci)/[\\w./-]+");

  /** Everything of that kind in a text, in its order. */
  static List<Citation> in(String text) {
    List<Citation> found = new ArrayList<>();
    Matcher quoted = QUOTED.matcher(text);
    while (quoted.find()) {
      of(quoted.group(1)).ifPresent(found::add);
    }
    return found;
  }

  private static Optional<Citation> of(String name) {
    Matcher test = TEST.matcher(name);
    if (test.matches()) {
      Path path = Path.of("src/test/java/io/portcullis", test.group(1) + ".java");
      return Optional.of(new Citation(Kind.TEST, name, path, Optional.ofNullable(test.group(2))));
    }
    if (CLASS.matcher(name).matches()) {
      Path path = Path.of("src/main/java/io/portcullis", name + ".java");
      return Optional.of(new Citation(Kind.CLASS, name, path, Optional.empty()));
    }
    return PATH.matcher(name).matches()
        ? Optional.of(new Citation(Kind.PATH, name, Path.of(name), Optional.empty()))
        : Optional.empty();
  }

  /** Whether it is something that is run and can fail: ours, or an alert's own test. */
  boolean isTest() {
    return kind == Kind.TEST || path.startsWith("prometheus/tests");
  }

  /** Whether it is there: the file, and the method in it where one is named. */
  boolean exists() {
    if (!Files.exists(path)) {
      return false;
    }
    try {
      return method.isEmpty() || Files.readString(path).contains("void " + method.get() + "(");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
