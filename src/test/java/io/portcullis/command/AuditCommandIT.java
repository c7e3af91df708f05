package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.ChainAdapter;
import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.DirectTrail;
import io.portcullis.config.PostgresConfig;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.TenantId;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.testing.Await;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands as an operator types them, on a real PostgreSQL. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditCommandIT {
  private static final TenantId ACME = new TenantId("acme000000000");

  private final PostgresServer server = PostgresServer.start();
  private final Vertx vertx = Vertx.vertx();
  private final PlatformDatabase platform = new PlatformDatabase(vertx, server.config());
  private final DirectTrail trail =
      new DirectTrail(new ChainAdapter(platform), "test", Clock.systemUTC());
  private final AuditEvents events = new AuditEvents(Clock.systemUTC());
  private final Path file;

  AuditCommandIT(@TempDir Path folder) throws IOException {
    PostgresConfig postgres = server.config();
    file = folder.resolve("portcullis.yaml");
    String shipped = Files.readString(Path.of("conf/portcullis.yaml"));
    Files.writeString(
        file,
        shipped
            .replace("port: 15432", "port: " + server.port())
            .replace("database: portcullis", "database: postgres")
            .replace("user: pc_app", "user: pc_app\n    password: " + "unused-in-this-test-1")
            .replace(
                "user: pc_platform",
                "user: pc_platform\n    password: " + postgres.platform().password().value())
            .replace("user: pc_admin", "user: pc_admin\n    password: " + "unused-in-this-test-2"));
    new TenantLifecycle(postgres, (tenant, request) -> {}).migratePlatform();
    server.execute("ALTER TABLE audit.entry DISABLE TRIGGER append_only");
    server.execute(
        "INSERT INTO platform.tenant (id, name, organization, state)"
            + " VALUES ('acme000000000', 'acme', 'org-1', 'active')");
  }

  @AfterAll
  void close() {
    Await.value(platform.close());
    Await.value(vertx.close());
    server.close();
  }

  @BeforeEach
  void fourEntries() {
    server.execute("TRUNCATE audit.head, audit.entry");
    for (int i = 1; i <= 4; i++) {
      Optional<TenantId> tenant = i == 4 ? Optional.of(ACME) : Optional.empty();
      Await.value(
          trail.record(
              events.critical(
                  "test", tenant, "al\u001bice", Outcome.SUCCESS, "", "", Map.of("i", "" + i))));
    }
  }

  private record Ran(int exitCode, String out, String err) {
    List<String> lines() {
      return out.lines().toList();
    }
  }

  private Ran run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        new CommandLine(new AuditCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(arguments);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private Ran runHere(String command, String... more) {
    String[] arguments = new String[more.length + 3];
    arguments[0] = command;
    arguments[1] = "--config";
    arguments[2] = file.toString();
    System.arraycopy(more, 0, arguments, 3, more.length);
    return run(arguments);
  }

  @Test
  void verify_anIntactTrail_showsCountsAndLastHashes() {
    Ran ran = runHere("verify");
    assertEquals("", ran.err());
    assertEquals(0, ran.exitCode());
    assertTrue(
        ran.lines().get(0).matches("acme000000000  intact +1 entries  last [0-9a-f]{64}"),
        ran::out);
    assertTrue(
        ran.lines().get(1).matches("platform       intact +3 entries  last [0-9a-f]{64}"),
        ran::out);
    assertEquals("2 chains, 4 entries: intact", ran.lines().get(2));
  }

  @Test
  void verify_aChangedRow_namesItAndExitsWithOne() {
    server.execute(
        "UPDATE audit.entry SET body = replace(body, 'SUCCESS', 'x') || ' ' WHERE seq = 2");
    Ran ran = runHere("verify");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.lines().get(0).startsWith("acme000000000  intact"), ran::out);
    assertEquals(
        "platform       BROKEN  entry 2 of chain platform: body does not match its hash",
        ran.lines().get(1));
    assertEquals("1 of 2 chains: BROKEN", ran.lines().get(2));
    assertEquals(0, runHere("verify", "--tenant", "acme").exitCode());
    assertEquals(1, runHere("verify", "--chain", "platform").exitCode());
    assertEquals(1, runHere("verify", "--chain", "nobody").exitCode());
  }

  @Test
  void verify_anEmptyTrail_provesNothing() {
    server.execute("TRUNCATE audit.head, audit.entry");
    Ran ran = runHere("verify");
    assertEquals(1, ran.exitCode());
    assertEquals(List.of("the trail is empty: there is nothing to prove"), ran.lines());
  }

  @Test
  void tail_ofATenant_printsReadableLinesOrJson() {
    Ran byName = runHere("tail", "--tenant", "acme");
    assertEquals(0, byName.exitCode(), byName::err);
    assertEquals(byName.out(), runHere("tail", "--tenant", ACME.value()).out());
    assertTrue(
        byName.out().contains("acme000000000#1  test  success  actor=al?ice  i=4"), byName::out);
    Ran json = runHere("tail", "--lines", "2", "--json", "--chain", "platform");
    assertEquals(2, json.lines().size());
    JsonObject entry = new JsonObject(json.lines().get(1));
    assertEquals(3, entry.getInteger("seq"));
    assertTrue(entry.getString("hash").matches("[0-9a-f]{64}"), json::out);
    assertEquals("al\u001bice", entry.getJsonObject("entry").getString("actor"));
  }

  @Test
  void tail_asEcs_hasNumberHashAndTheFactsUnderTheirNames() {
    Ran ran = runHere("tail", "--all", "--output", "ecs", "--chain", "platform");
    assertEquals(0, ran.exitCode(), ran::err);
    List<JsonObject> lines = ran.lines().stream().map(JsonObject::new).toList();
    assertEquals(
        List.of(1L, 2L, 3L), lines.stream().map(line -> line.getLong("event.sequence")).toList());
    JsonObject last = lines.getLast();
    assertTrue(
        runHere("verify").out().contains("last " + last.getString("event.hash")), last::encode);
    assertEquals("test", last.getString("event.action"));
    assertEquals("success", last.getString("event.outcome"));
    assertEquals("al\u001bice", last.getString("user.id"));
    assertEquals("platform", last.getString("portcullis.audit.chain"));
    assertEquals("3", last.getJsonObject("portcullis.audit.details").getString("i"));
    assertTrue(last.getString("@timestamp").matches(".*T.*\\.\\d{6}Z"), last::encode);
  }

  @Test
  void why_ofARequest_saysRuleAndFacts_orThatNothingIsKnown() {
    for (String request : List.of("request-0001", "request-0001x")) {
      Await.value(
          trail.record(
              events.critical(
                  "authorization.refused",
                  Optional.of(ACME),
                  "al\u001bice",
                  Outcome.REFUSED,
                  "role-missing",
                  request,
                  Map.of("required_roles", "operator", "method", "GET\"request_id\":\"x"))));
    }
    Ran ran = runHere("why", "request-0001");
    assertEquals(0, ran.exitCode(), ran::err);
    assertTrue(ran.lines().getFirst().endsWith("Z  authorization.refused"), ran::out);
    assertEquals(
        List.of(
            "  decision         refused",
            "  rule             role-missing",
            "  actor            al?ice",
            "  tenant           acme000000000",
            "  node             test",
            "  method           GET\"request_id\":\"x",
            "  required_roles   operator"),
        ran.lines().subList(1, ran.lines().size()));
    JsonObject json = new JsonObject(runHere("why", "--json", "request-0001").out());
    assertEquals("role-missing", json.getJsonObject("entry").getString("reason"));
    assertEquals(1, runHere("why", "--chain", "platform", "request-0001").exitCode());
    Ran nothing = runHere("why", "request-0002");
    assertEquals(1, nothing.exitCode());
    assertTrue(nothing.out().startsWith("the trail knows nothing of request-0002"), nothing::out);
    assertEquals(2, runHere("why", "a;b").exitCode());
  }

  @Test
  void run_wronglyUsed_saysHow() {
    assertEquals(2, run().exitCode());
    assertEquals(2, runHere("tail", "--lines", "-1").exitCode());
    assertEquals(2, runHere("tail", "--output", "xml").exitCode());
    assertEquals(2, runHere("verify", "--chain", "a", "--tenant", "b").exitCode());
    Ran unknown = runHere("verify", "--tenant", "nobody");
    assertEquals(1, unknown.exitCode());
    assertEquals("portcullis: there is no tenant nobody", unknown.err().strip());
    assertEquals(1, run("verify", "--config", "no-such-file.yaml").exitCode());
  }
}
