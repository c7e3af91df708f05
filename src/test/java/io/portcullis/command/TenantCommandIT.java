package io.portcullis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.PostgresConfig;
import io.portcullis.testing.PostgresServer;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command as an operator types it, on a real PostgreSQL, with what the trail has of it. */
class TenantCommandIT {
  private final PostgresServer server = PostgresServer.shared();
  private final Path file;

  TenantCommandIT(@TempDir Path folder) throws IOException {
    PostgresConfig postgres = server.config();
    file = folder.resolve("portcullis.yaml");
    Files.writeString(
        file,
        Files.readString(Path.of("conf/portcullis.yaml"))
            .replace("port: 15432", "port: " + server.port())
            .replace("database: portcullis", "database: postgres")
            .replace("user: pc_app", "user: pc_app\n    password: unused-in-this-test")
            .replace(
                "user: pc_platform",
                "user: pc_platform\n    password: " + postgres.platform().password().value())
            .replace(
                "user: pc_admin",
                "user: pc_admin\n    password: " + postgres.admin().password().value()));
  }

  private String run(int exitCode, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] whole = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    whole[arguments.length] = "--config";
    whole[arguments.length + 1] = file.toString();
    int code =
        new CommandLine(new TenantCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(whole);
    assertEquals(exitCode, code, err.toString());
    return out + err.toString();
  }

  @Test
  void migrate_byAConfigurationWithTheLogin_isDoneAndWithoutItSaysSo() throws IOException {
    assertTrue(run(0, "migrate").contains("of this version"));
    Files.writeString(file, Files.readString(file).replace("user: pc_admin", "user: ''"));
    assertTrue(run(1, "migrate").contains("postgres.admin.user is empty"));
    assertTrue(run(1, "list").contains("postgres.admin.user is empty"));
  }

  @Test
  void tokenBinding_setAndShown_isInTheTrail() {
    String name = "bound-" + UUID.randomUUID().toString().substring(0, 8);
    String made =
        run(
            0,
            "create",
            name,
            "--organization",
            name + "-org",
            "--token-binding",
            "dpop",
            "--json");
    assertEquals("dpop", new JsonObject(made).getString("token_binding"));
    assertTrue(run(0, "show", name).contains("token_binding   dpop"));
    run(0, "set", name, "--token-binding", "mtls");
    assertTrue(run(0, "list").lines().anyMatch(line -> line.matches(name + " .* active +mtls .*")));
    assertTrue(run(1, "set", "nobody-" + name, "--token-binding", "none").contains("no tenant"));
    List<JsonObject> events = new Trail(server::superuser).containing(name);
    JsonObject changed = events.getLast();
    assertEquals("tenant.changed", changed.getString("type"), changed.encode());
    assertTrue(changed.encode().contains("\"token_binding\":\"mtls\""), changed.encode());
    assertTrue(changed.encode().contains("\"token_binding_before\":\"dpop\""), changed.encode());
    assertEquals("tenant.created", events.getFirst().getString("type"));
  }
}
