package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalRealm;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code realm apply} against a real Keycloak, as an operator sees it. */
final class RealmCommandIT {
  private static final LocalSystem SYSTEM = TestSystem.shared();
  private static final String PASSWORD = LocalRealm.administratorPassword(SYSTEM.directory());

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  private Path folder;

  private int run(String password, String... arguments) {
    out.getBuffer().setLength(0);
    Map<String, String> environment =
        Map.of(
            "PORTCULLIS_KEYCLOAK_URL",
            SYSTEM.keycloak().toString(),
            "PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD",
            password);
    return new CommandLine(new RealmCommand(environment))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void apply_repairsOnceAndThenHasNothingToDo() throws IOException {
    Path file = folder.resolve("realm.json");
    Files.writeString(file, "{\"realm\": \"by-command\", \"enabled\": true}");
    try {
      assertEquals(1, run(PASSWORD, "apply", "--check", "--realm", file.toString()));
      assertTrue(out.toString().endsWith("The realm by-command differs in 1 point.\n"));
      assertEquals(0, run(PASSWORD, "apply", "--realm", file.toString()), err.toString());
      Files.writeString(
          file, "{\"realm\": \"by-command\", \"enabled\": true, \"displayName\": \"Other\"}");
      assertEquals(0, run(PASSWORD, "apply", "--realm", file.toString()), err.toString());
      assertEquals(
          """
          realm/displayName: nothing → Other
          The realm by-command differed in 1 point; repaired.
          """,
          out.toString());
      assertEquals(0, run(PASSWORD, "apply", "--check", "--realm", file.toString()));
      assertEquals(
          "The realm by-command is as its files say; nothing was changed.\n", out.toString());
    } finally {
      SYSTEM.admin().deleteRealm("by-command");
    }
  }

  @Test
  void apply_withAWrongPassword_failsInOneLine() throws IOException {
    Path file = folder.resolve("realm.json");
    Files.writeString(file, "{\"realm\": \"never\"}");
    assertEquals(1, run("guess", "apply", "--realm", file.toString()));
    assertEquals(
        "portcullis: Keycloak at %s refuses admin of the realm master: Invalid user credentials"
            .formatted(SYSTEM.keycloak()),
        err.toString().strip());
    assertEquals("", out.toString());
  }
}
