package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every file in {@code config/bad} is wrong in the way its name tells. Comments at its end say what
 * must be reported: {@code # expect: line: key: message}. Sections that have no defaults are added
 * after the end where the file does not have them.
 */
class BadInputTest {
  private static final Path FOLDER = Path.of("src/test/resources/config/bad");
  private static final String EXPECT = "# expect: ";

  static Stream<String> names() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void read_badFile_reportsExactlyWhatIsExpected(String name) throws IOException {
    String text = Files.readString(FOLDER.resolve(name));
    String given = text.replaceAll("(?m)^" + EXPECT + ".*\\R", "");

    List<String> reported = new ArrayList<>();
    for (ConfigProblem problem : problems(name, Samples.completed(given))) {
      reported.add(problem.toString().replace(name + ":", ""));
    }

    List<String> expected =
        text.lines()
            .filter(line -> line.startsWith(EXPECT))
            .map(line -> line.substring(EXPECT.length()))
            .toList();
    assertEquals(String.join("\n", expected), String.join("\n", reported), name);
    assertFalse(reported.isEmpty());
    assertFalse(reported.toString().contains("geheim"), "a secret shows");
  }

  private static List<ConfigProblem> problems(String name, String text) {
    try {
      return ConfigLoader.read(text, Reading.of(name, Map.of())).problems();
    } catch (ConfigException e) {
      return e.problems();
    }
  }
}
