package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private final Path folder;

  ConfigCommandTest(@TempDir Path folder) {
    this.folder = folder;
  }

  @Test
  void check_shippedFile_isDone() {
    assertEquals(0, run("check", "--config", "conf/portcullis.yaml"));
    assertTrue(out.toString().startsWith("conf/portcullis.yaml is valid: "), out::toString);
    assertEquals("", err.toString());
  }

  @Test
  void check_invalidFile_failsWithProblemsOnStandardError() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.yaml"), "htp: 1\n");
    assertEquals(1, run("check", "--config", file.toString()));
    assertEquals("", out.toString());
    assertTrue(err.toString().contains("bad.yaml:1: htp: is not a known key"), err::toString);
    assertTrue(err.toString().endsWith(" problems\n"), err::toString);
  }

  @Test
  void show_shippedFile_listsValues() {
    assertEquals(0, run("show", "--config=conf/portcullis.yaml"));
    assertTrue(out.toString().contains("http.port:"), out::toString);
  }

  @Test
  void keys_printsTheTables() {
    assertEquals(0, run("keys"));
    assertTrue(out.toString().contains("| `http.port` |"), out::toString);
  }

  @Test
  void config_wrongUsage_isTwo() {
    assertEquals(2, run());
    assertEquals(2, run("chek"));
    assertEquals(2, run("check", "--confg", "x"));
    assertEquals(2, run("check", "--config"));
    assertTrue(err.toString().contains("check, show or keys"), err::toString);
  }

  private int run(String... arguments) {
    return new CommandLine(new ConfigCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
