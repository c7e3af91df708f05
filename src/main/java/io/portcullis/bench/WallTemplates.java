package io.portcullis.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The edge's own templates with a wall taken out: what is measured is the real configuration but
 * for these lines. A line that is not there any more ends the run.
 */
final class WallTemplates {
  private WallTemplates() {}

  /**
   * Copies the templates.
   *
   * @param changes what to write instead of what; each stands in exactly one place
   */
  static Path copy(Path templates, Path target, Map<String, String> changes) {
    Map<String, Integer> found = new HashMap<>();
    try (Stream<Path> walk = Files.walk(templates)) {
      List<Path> files = walk.filter(Files::isRegularFile).toList();
      for (Path file : files) {
        String text = Files.readString(file);
        for (Map.Entry<String, String> change : changes.entrySet()) {
          int count = text.split(java.util.regex.Pattern.quote(change.getKey()), -1).length - 1;
          found.merge(change.getKey(), count, Integer::sum);
          text = text.replace(change.getKey(), change.getValue());
        }
        Path copy = target.resolve(templates.relativize(file).toString());
        Files.createDirectories(copy.toAbsolutePath().getParent());
        Files.writeString(copy, text);
      }
    } catch (IOException e) {
      throw BenchFailure.of("the templates cannot be copied: " + e.getMessage());
    }
    found.forEach(
        (line, count) -> {
          if (count != 1) {
            throw BenchFailure.of(
                "the edge's templates hold \"%s\" %d times instead of once"
                    .formatted(line.strip(), count));
          }
        });
    return target;
  }
}
