package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.TestClock;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Exit codes, messages and where passphrases come from. */
class CertsCommandIT {
  private static final String CA_PASS = "the online one is in a file";
  private static final String ROOT_PASS = "the root is in a safe place";

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final TestClock clock = new TestClock(Instant.now());
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "PORTCULLIS_CERTS_PASSPHRASE",
              CA_PASS,
              "PORTCULLIS_CERTS_ROOT_PASSPHRASE",
              ROOT_PASS));
  private final List<String> questions = new ArrayList<>();
  private final Path folder;
  private Optional<String> typed = Optional.empty();

  CertsCommandIT(@TempDir Path folder) {
    this.folder = folder;
    environment.put("PORTCULLIS_CERTS_DIR", folder.resolve("certs").toString());
  }

  @Test
  void certs_wrongUsage_isTwo() {
    assertEquals(2, run());
    assertTrue(err.toString().contains("init, issue, rotate, revoke or list"), err::toString);
    assertEquals(2, run("issue"));
    assertEquals(2, run("issue", "--no-such-thing", "gateway"));
    assertEquals(2, run("revoke", "gateway"));
    assertTrue(err.toString().contains("--reason"), err::toString);
  }

  @Test
  void certs_helpOfEachSubcommand_isThere() {
    assertEquals(0, run("--help"));
    assertTrue(out.toString().contains("PORTCULLIS_CERTS_PASSPHRASE"), out::toString);
    for (String subcommand : List.of("init", "issue", "rotate", "revoke", "list")) {
      assertEquals(0, run(subcommand, "--help"));
    }
  }

  @Test
  void certs_wholeLife_printsWhatItDoes() {
    assertEquals(0, run("init", "--env", "staging"), err::toString);
    assertEquals(
        0, run("issue", "gateway", "--dns", "localhost", "--ip", "127.0.0.1,::1"), err::toString);
    assertEquals(0, run("issue", "nginx", "--life", "90d"), err::toString);
    out.getBuffer().setLength(0);
    assertEquals(0, run("rotate"));
    assertEquals("nothing is due\n", out.toString());
    clock.advance(Duration.ofHours(14));
    out.getBuffer().setLength(0);
    assertEquals(0, run("rotate"));
    assertTrue(out.toString().startsWith("issued   gateway"), out::toString);
    assertFalse(out.toString().contains("nginx"), out::toString);
    assertEquals(0, run("rotate", "nginx", "gateway"));
    assertEquals(0, run("rotate", "--all"));
    assertEquals(0, run("revoke", "gateway", "--reason", "key-compromise", "--reissue"));
    out.getBuffer().setLength(0);
    assertEquals(0, run("list"));
    assertTrue(out.toString().matches("(?s).*root/1 .*active.*ca/1 .*issuing.*"), out::toString);
    assertTrue(out.toString().contains("revoked"), out::toString);
    assertFalse((out.toString() + err).contains(CA_PASS));
    assertFalse((out.toString() + err).contains(ROOT_PASS));
  }

  @Test
  void list_asJson_hasEverything() {
    run("init", "--env", "staging");
    run("issue", "gateway");
    out.getBuffer().setLength(0);
    environment.remove("PORTCULLIS_CERTS_PASSPHRASE");
    assertEquals(0, run("list", "--json"), err::toString);
    JsonObject json = new JsonObject(out.toString());
    assertEquals("staging", json.getString("environment"));
    assertEquals(2, json.getJsonArray("authorities").size());
    JsonObject one = json.getJsonArray("certificates").getJsonObject(0);
    assertEquals("gateway", one.getString("role"));
    assertEquals("current", one.getString("status"));
    assertEquals("ca/1", one.getString("issuer"));
    assertEquals(86400, one.getInteger("remaining_seconds"), 2);
    assertTrue(one.getInstant("due").isBefore(one.getInstant("not_after")));
    assertEquals(List.of(), questions, "a list asks for no passphrase");
  }

  @Test
  void root_inPhases_saysWhatComesNext() {
    run("init");
    run("issue", "gateway");
    assertEquals(1, run("rotate", "--root", "activate"));
    assertEquals(0, run("rotate", "--root", "introduce"), err::toString);
    assertEquals(0, run("rotate", "--root", "activate"), err::toString);
    assertTrue(out.toString().contains("issued   gateway"), out::toString);
    assertEquals(1, run("rotate", "--root", "retire"));
    assertTrue(err.toString().contains("still chain to root/1"), err::toString);
    assertEquals(0, run("rotate", "--root", "retire", "--force"), err::toString);
    assertEquals(0, run("rotate", "--intermediate"), err::toString);
    assertTrue(out.toString().contains("made     ca/3; it issues from"), out::toString);
    assertEquals(1, run("revoke", "ca/2", "--reason", "ca-compromise"), "nobody else issues yet");
    clock.advance(Duration.ofMinutes(1));
    assertEquals(0, run("revoke", "ca/2", "--reason", "ca-compromise"), err::toString);
  }

  @Test
  void rotate_severalWaysAtOnce_isTwo() {
    run("init");
    assertEquals(2, run("rotate", "--all", "gateway"));
    assertEquals(2, run("rotate", "--intermediate", "--root", "introduce"));
    assertEquals(2, run("rotate", "--root", "sideways"));
    assertEquals(2, run("rotate", "--force"));
    assertEquals(2, run("rotate", "--root", "activate", "--force"));
  }

  @Test
  void issue_wrongArguments_isTwoAndIssuesNothing() {
    run("init");
    for (String[] wrong :
        new String[][] {
          {"Gateway"},
          {"../x"},
          {"x", "--dns", "a b"},
          {"x", "--ip", "localhost"},
          {"x", "--life", "24"},
          {"x", "--life", "30s"},
          {"x", "--life", "91d"},
          {"x", "--dns", "nginx.portcullis.internal"}
        }) {
      List<String> arguments = new ArrayList<>(List.of("issue"));
      arguments.addAll(List.of(wrong));
      assertEquals(2, run(arguments.toArray(String[]::new)), String.join(" ", wrong));
    }
    assertEquals(2, run("revoke", "gateway", "--reason", "boredom"));
    assertEquals(2, run("init", "--env", "Pro Duction", "--dir", folder + "/other"));
    out.getBuffer().setLength(0);
    run("list", "--json");
    assertEquals(0, new JsonObject(out.toString()).getJsonArray("certificates").size());
    assertFalse(Files.exists(folder.resolve("other")));
  }

  @Test
  void certs_withoutAnAuthority_isOneAndNamesTheDirectory() {
    for (String[] command :
        new String[][] {
          {"list"}, {"issue", "x"}, {"rotate"}, {"revoke", "x", "--reason", "superseded"}
        }) {
      err.getBuffer().setLength(0);
      assertEquals(1, run(command));
      assertTrue(err.toString().contains(folder.resolve("certs").toString()), err::toString);
      assertTrue(err.toString().contains("certs init"), err::toString);
    }
    assertEquals(List.of(), questions);
  }

  @Test
  void passphrase_missing_isTwoAndNamesBothVariables() {
    environment.remove("PORTCULLIS_CERTS_ROOT_PASSPHRASE");
    assertEquals(2, run("init"));
    assertTrue(err.toString().contains("PORTCULLIS_CERTS_ROOT_PASSPHRASE or"), err::toString);
    assertTrue(err.toString().contains("PORTCULLIS_CERTS_ROOT_PASSPHRASE_FILE"), err::toString);
    assertFalse(Files.exists(folder.resolve("certs")));
  }

  @Test
  void passphrase_shortOrTwice_isTwo() throws Exception {
    environment.put("PORTCULLIS_CERTS_PASSPHRASE", "short");
    assertEquals(2, run("init"));
    assertTrue(err.toString().contains("shorter than 15"), err::toString);
    environment.put("PORTCULLIS_CERTS_PASSPHRASE_FILE", "/dev/null");
    assertEquals(2, run("init"));
    assertTrue(err.toString().contains("are both set"), err::toString);
    environment.remove("PORTCULLIS_CERTS_PASSPHRASE");
    assertEquals(2, run("init"));
    assertTrue(err.toString().contains("/dev/null does not hold one line"), err::toString);
  }

  @Test
  void passphrase_wrong_isOneAndNamesTheFile() {
    run("init");
    environment.put("PORTCULLIS_CERTS_PASSPHRASE", "another one that is wrong");
    assertEquals(1, run("issue", "gateway"));
    assertTrue(
        err.toString().contains("wrong passphrase for " + folder.resolve("certs/ca/1/ca.key")),
        err::toString);
    assertFalse(err.toString().contains("another one"), err::toString);
  }

  @Test
  void passphrase_fromFileTerminalAndLocalSystem_isFound() throws Exception {
    run("init");
    environment.remove("PORTCULLIS_CERTS_PASSPHRASE");
    Path file = Files.writeString(folder.resolve("passphrase"), CA_PASS + "\n");
    environment.put("PORTCULLIS_CERTS_PASSPHRASE_FILE", file.toString());
    assertEquals(0, run("issue", "gateway"), err::toString);
    environment.remove("PORTCULLIS_CERTS_PASSPHRASE_FILE");
    typed = Optional.of(CA_PASS);
    assertEquals(0, run("issue", "gateway"), err::toString);
    assertEquals(1, questions.size());
    typed = Optional.empty();
    Files.createDirectory(folder.resolve("secrets"));
    Files.writeString(folder.resolve("secrets/certs-ca"), CA_PASS + "\n");
    environment.remove("PORTCULLIS_CERTS_DIR");
    assertEquals(0, run("issue", "gateway"), err::toString);
    Files.move(folder.resolve("certs"), folder.resolve("elsewhere"));
    assertEquals(2, run("issue", "gateway", "--dir", folder + "/elsewhere"), "not the local one");
  }

  @Test
  void watch_whenSomethingIsDue_rotatesItAndGoesOnUntilStopped() throws Exception {
    run("init");
    run("issue", "gateway");
    clock.advance(Duration.ofHours(14));
    Path link = folder.resolve("certs/identities/gateway/current");
    Path before = Files.readSymbolicLink(link);
    Thread watcher = Thread.ofPlatform().start(() -> run("rotate", "--watch"));
    Await.until("the watcher rotates", () -> !before.equals(readLink(link)));
    assertTrue(watcher.isAlive());
    watcher.interrupt();
    watcher.join(Duration.ofSeconds(10));
    assertFalse(watcher.isAlive());
    assertTrue(out.toString().contains("issued   gateway"), out::toString);
  }

  private static Path readLink(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private int run(String... arguments) {
    var source =
        new PassphraseSource(
            environment,
            folder,
            question -> {
              questions.add(question);
              return typed.map(String::toCharArray);
            });
    return new CommandLine(new CertsCommand(source, clock))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }
}
