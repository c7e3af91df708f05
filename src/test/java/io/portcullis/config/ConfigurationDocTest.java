package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables in the docs are those that the code declares. */
class ConfigurationDocTest {
  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final Path RIGHT = Path.of("target/configuration-keys.md");
  private static final String BEGIN = "<!-- keys: begin -->\n";
  private static final String END = "<!-- keys: end -->";

  @Test
  void page_tables_areThoseOfTheCode() throws IOException {
    String page = Files.readString(PAGE);
    String written = page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    String right = ConfigReference.markdown();
    if (!right.equals(written.strip() + "\n")) {
      Files.createDirectories(RIGHT.getParent());
      Files.writeString(RIGHT, right);
    }
    assertEquals(
        right, written.strip() + "\n", "copy " + RIGHT + " between the markers of " + PAGE);
  }
}
