package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Fills {@code ${EDGE_NAME}} in a folder of templates. Only names that begin so are placeholders;
 * the variables of Nginx and of ModSecurity stay. A name without a value is an error that names the
 * file and the line, since Nginx itself would take it for text.
 */
final class EdgeTemplates {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{?(EDGE_[A-Za-z0-9_]*)\\}?");

  private EdgeTemplates() {}

  /**
   * Renders every file of a folder into another one.
   *
   * @throws LocalFailure when a placeholder has no value, or its braces are missing
   */
  static void render(Path templates, Path target, Map<String, String> values) {
    try (Stream<Path> files = Files.walk(templates)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        Path rendered = target.resolve(templates.relativize(file).toString());
        Files.createDirectories(Folders.parent(rendered));
        Files.writeString(rendered, filled(file, values));
      }
    } catch (IOException e) {
      throw new LocalFailure("the edge's configuration cannot be written: " + e, e);
    }
  }

  private static String filled(Path file, Map<String, String> values) throws IOException {
    List<String> lines = Files.readAllLines(file);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      text.append(filled(file, i + 1, lines.get(i), values)).append('\n');
    }
    return text.toString();
  }

  private static String filled(Path file, int number, String line, Map<String, String> values) {
    return PLACEHOLDER
        .matcher(line)
        .replaceAll(
            match -> {
              String value = values.get(match.group(1));
              boolean named = match.group().equals("${" + match.group(1) + "}");
              boolean comment = line.stripLeading().startsWith("#");
              if (comment && value == null) {
                return Matcher.quoteReplacement(match.group());
              }
              if (value == null || !named) {
                throw new LocalFailure(
                    "%s, line %d: nothing is known of %s".formatted(file, number, match.group()));
              }
              return Matcher.quoteReplacement(value);
            });
  }
}
