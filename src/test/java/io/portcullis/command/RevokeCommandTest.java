package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Wrong usage is named before anything is touched; what it does is shown on real nodes. */
class RevokeCommandTest {
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new RevokeCommand())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--reason x",
        "--user a --session b",
        "--all --tenant acme",
        "--user a --issuer elsewhere",
        "--user a --issued-before yesterday",
        "--user a --issued-before 2999-01-01T00:00:00Z",
        "--session s --issued-before 2026-01-01T00:00:00Z",
      })
  void run_wronglyUsed_exitsWithTwo(String arguments) {
    assertEquals(2, run(arguments.isEmpty() ? new String[0] : arguments.split(" ", -1)));
    assertTrue(err.toString().contains("Usage:"), err.toString());
  }

  @Test
  void run_configurationMissing_namesIt() {
    assertEquals(1, run("--all", "--config", "no/such/file.yaml"));
    assertTrue(err.toString().contains("no/such/file.yaml"), err.toString());
  }

  @Test
  void help_isThere() {
    assertEquals(0, run("--help"));
  }
}
