package io.portcullis.waf;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The texts under {@code src/test/resources/waf}. */
final class Corpus {
  private static final Path FOLDER = Path.of("src/test/resources/waf");

  private Corpus() {}

  /** Requests that are attacks; every id once. */
  static List<Attack> attacks() {
    return read("attacks", Attack::of);
  }

  /** Messages of honest people. */
  static List<Talk> talk() {
    return read("talk", Talk::of);
  }

  /** What is known to get through, by id, with the reason. */
  static List<String> misses() {
    try {
      return Files.readAllLines(FOLDER.resolve("misses.tsv")).stream()
          .filter(line -> !line.startsWith("#") && !line.isBlank())
          .map(line -> line.substring(0, line.indexOf('\t')))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> List<T> read(String folder, Function<JsonObject, T> form) {
    List<T> all = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      for (Path file : files.sorted().toList()) {
        for (String line : Files.readAllLines(file)) {
          all.add(form.apply(new JsonObject(line)));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /**
   * A message.
   *
   * @param attack a string in it that must be refused anywhere but in a message
   * @param made whether a sentence was filled with an example instead of written whole
   */
  record Talk(String language, String text, Optional<String> attack, boolean made) {
    static Talk of(JsonObject line) {
      return new Talk(
          line.getString("lang"),
          line.getString("text"),
          Optional.ofNullable(line.getString("attack")),
          line.getBoolean("made", false));
    }
  }
}
