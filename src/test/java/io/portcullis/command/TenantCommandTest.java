package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Exit codes and messages; what it does to a database is shown where the life cycle is tested. */
class TenantCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new TenantCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void tenant_withoutSubcommand_isWrongUsage() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("create, set, list, show or migrate"), err.toString());
  }

  @Test
  void create_withoutName_isWrongUsage() {
    assertEquals(2, run("create"));
    assertTrue(err.toString().contains("NAME"), err.toString());
  }

  @Test
  void tokenBinding_unknown_isWrongUsageThatSaysWhatThereIs() {
    assertEquals(2, run("set", "acme", "--token-binding", "DPOP"));
    assertTrue(err.toString().contains("none, dpop or mtls"), err.toString());
    assertEquals(2, run("create", "acme", "--token-binding", "tls"));
    assertEquals(2, run("set", "acme"), "what to set is missing");
  }

  @Test
  void list_configurationMissing_namesIt() {
    assertEquals(1, run("list", "--config", "no/such/file.yaml"));
    assertTrue(err.toString().contains("no/such/file.yaml"), err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void help_ofEachSubcommand_isThere() {
    for (String subcommand : new String[] {"create", "set", "list", "show", "migrate"}) {
      assertEquals(0, run(subcommand, "--help"));
    }
  }
}
