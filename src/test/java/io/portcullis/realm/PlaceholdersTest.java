package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What fills the gaps in a realm's files, and what is said of those that stay. */
final class PlaceholdersTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  @Test
  void fill_takesVariablesAndDefaults() {
    assertEquals(
        "https://a.example/x 587 ",
        fill("${HOST}/x ${PORT:587} ${NONE:}", Map.of("HOST", "https://a.example")));
    assertEquals("25", fill("${PORT:587}", Map.of("PORT", "25")));
    assertEquals("587", fill("${PORT:587}", Map.of("PORT", "")));
  }

  @Test
  void fill_takesFiles() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "from a file\n");
    assertEquals("from a file", fill("${SECRET}", Map.of("SECRET_FILE", file.toString())));
  }

  @Test
  void fill_withAFileThatIsNotThere_namesIt() {
    RealmException failure =
        assertThrows(
            RealmException.class, () -> fill("${SECRET}", Map.of("SECRET_FILE", "/no/such/file")));
    assertTrue(String.valueOf(failure.getMessage()).contains("SECRET_FILE"));
  }

  @Test
  void fill_leavesKeycloaksOwnAlone() {
    assertEquals("a.${client_id}.b ${", fill("a.${client_id}.b ${", Map.of()));
  }

  @Test
  void fill_cannotBreakOutOfItsText() {
    assertEquals("\", \"x\": \"$1\\", fill("${A}", Map.of("A", "\", \"x\": \"$1\\")));
  }

  @Test
  void fill_refusesAValueThatIsAPlaceholder() {
    RealmException failure =
        assertThrows(RealmException.class, () -> fill("${A}", Map.of("A", "${B}", "B", "secret")));
    assertTrue(String.valueOf(failure.getMessage()).contains("value of A"));
    assertFalse(String.valueOf(failure.getMessage()).contains("secret"));
  }

  @Test
  void fill_namesAllThatIsMissing() {
    JsonObject json =
        new JsonObject("{\"a\":[\"${ONE}\",{\"b\":\"${TWO} ${ONE}\"}],\"c\":\"${SET}\"}");
    RealmException failure =
        assertThrows(RealmException.class, () -> Placeholders.fill(json, Map.of("SET", "yes")));
    assertEquals(
        "The realm needs variables that are not set: ONE, TWO (each may also be given as a file by"
            + " NAME_FILE)",
        failure.getMessage());
  }

  private static String fill(String text, Map<String, String> environment) {
    return Placeholders.fill(new JsonObject().put("t", text), environment).getString("t");
  }
}
