package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.TokenBinding;
import io.portcullis.testing.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Making tenants in a real server, whole, by halves, and at once. */
class TenantLifecycleIT {
  private final PostgresServer server = PostgresServer.shared();
  private final List<String> events = new ArrayList<>();
  private final TenantLifecycle lifecycle =
      new TenantLifecycle(
          server.config(), (tenant, request) -> events.add(tenant.name() + " " + request));
  private final String name = "tenant-" + UUID.randomUUID().toString().substring(0, 8);
  private final String organization = UUID.randomUUID().toString();

  @Test
  void create_newName_makesRoleSchemaTablesAndRowAndReportsOnce() throws SQLException {
    TenantRecord made = lifecycle.create(name, organization, "request-1");
    assertEquals("active", made.state());
    assertEquals(Migrations.TENANT_VERSION, made.schemaVersion());
    assertEquals(List.of(name + " request-1"), events);
    assertEquals(made, lifecycle.show(name).orElseThrow());
    assertEquals(made, lifecycle.show(made.id().value()).orElseThrow());
    assertTrue(lifecycle.list().contains(made));
    assertEquals(
        "SELECT,INSERT,UPDATE,DELETE",
        text(
            "SELECT string_agg(privilege, ',' ORDER BY n) FROM unnest(ARRAY['SELECT', 'INSERT',"
                + " 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN'])"
                + " WITH ORDINALITY AS p (privilege, n)"
                + " WHERE has_table_privilege('%1$s', '%1$s.message', privilege)",
            made.role()));
    assertEquals(
        "f",
        text(
            "SELECT has_table_privilege('%1$s', '%1$s.flyway_schema_history',"
                + " 'SELECT, INSERT, UPDATE, DELETE')",
            made.role()));
    assertEquals(
        "pc_owner",
        text("SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = '%s'", made.role()));
  }

  @Test
  void create_again_returnsTheSameAndReportsNothing() {
    TenantRecord made = lifecycle.create(name, organization, "request-1");
    assertEquals(made, lifecycle.create(name, organization, "request-2"));
    assertEquals(1, events.size());
  }

  @Test
  void create_nameOrOrganizationTaken_saysSo() {
    lifecycle.create(name, organization, "request-1");
    assertTrue(
        message(() -> lifecycle.create(name, "another", "request"))
            .contains("another organization"));
    assertTrue(
        message(() -> lifecycle.create(name + "x", organization, "request"))
            .contains("belongs to the tenant " + name));
  }

  @Test
  void create_eventNotRecorded_staysUnfinishedAndIsFinishedByTheNextAttempt() {
    TenantLifecycle deaf =
        new TenantLifecycle(
            server.config(),
            (tenant, request) -> {
              throw new IllegalStateException("no trail");
            });
    assertThrows(IllegalStateException.class, () -> deaf.create(name, organization, "request-1"));
    TenantRecord half = lifecycle.show(name).orElseThrow();
    assertEquals("creating", half.state());
    TenantRecord whole = lifecycle.create(name, organization, "request-2");
    assertEquals("active", whole.state());
    assertEquals(half.id(), whole.id());
    assertEquals(List.of(name + " request-2"), events);
  }

  @Test
  void create_tablesMissing_areMadeByTheNextAttempt() throws SQLException {
    assertThrows(
        IllegalStateException.class,
        () ->
            new TenantLifecycle(
                    server.config(),
                    (tenant, request) -> {
                      throw new IllegalStateException("no trail");
                    })
                .create(name, organization, "request-1"));
    String schema = lifecycle.show(name).orElseThrow().schema();
    server.execute(
        "DROP TABLE %1$s.message, %1$s.conversation, %1$s.idempotency, %1$s.flyway_schema_history"
            .formatted(schema));
    lifecycle.create(name, organization, "request-2");
    assertEquals("0", text("SELECT count(*) FROM %s.message", schema));
  }

  @Test
  void create_withABinding_hasItAndKeepsItWhenMadeAgain() {
    TenantRecord made =
        lifecycle.create(name, organization, Optional.of(TokenBinding.DPOP), "request-1");
    assertEquals(TokenBinding.DPOP, made.tokenBinding());
    assertEquals(made, lifecycle.create(name, organization, "request-2"));
    String message =
        message(
            () -> lifecycle.create(name, organization, Optional.of(TokenBinding.MTLS), "request"));
    assertTrue(message.contains("tenant set"), message);
  }

  @Test
  void bind_anotherPolicy_reportsBeforeItChanges() {
    TenantRecord made = lifecycle.create(name, organization, "request-1");
    assertEquals(TokenBinding.NONE, made.tokenBinding());
    assertThrows(
        IllegalStateException.class,
        () -> lifecycle.bind(name, TokenBinding.MTLS, "nobody records it"));
    assertEquals(TokenBinding.NONE, lifecycle.show(name).orElseThrow().tokenBinding());
    TenantLifecycle recorded = new TenantLifecycle(server.config(), new Changes());
    assertEquals(TokenBinding.MTLS, recorded.bind(name, TokenBinding.MTLS, "1").tokenBinding());
    recorded.bind(made.id().value(), TokenBinding.MTLS, "2");
    assertEquals(List.of(name + " none mtls 1"), events);
    assertEquals(TokenBinding.MTLS, lifecycle.show(name).orElseThrow().tokenBinding());
    assertTrue(
        message(() -> recorded.bind("nobody-" + name, TokenBinding.DPOP, "3"))
            .contains("there is no tenant"));
  }

  @Test
  void binding_unknownToTheTable_isRefusedByIt() {
    lifecycle.create(name, organization, "request-1");
    assertThrows(
        IllegalStateException.class,
        () ->
            server.execute(
                "UPDATE platform.tenant SET token_binding = 'x' WHERE name = '" + name + "'"));
  }

  /** Records what changes. */
  private final class Changes implements TenantEvents {
    @Override
    public void created(TenantRecord tenant, String requestId) {}

    @Override
    public void bindingChanged(TenantRecord tenant, TokenBinding after, String requestId) {
      events.clear();
      events.add(
          tenant.name()
              + " "
              + tenant.tokenBinding().label()
              + " "
              + after.label()
              + " "
              + requestId);
    }
  }

  @Test
  void create_atOnceBySeveral_makesOneTenant() throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<TenantRecord>> attempts = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        attempts.add(
            executor.submit(
                () ->
                    new TenantLifecycle(server.config(), (tenant, request) -> {})
                        .create(name, organization, "request")));
      }
      Set<TenantRecord> made = new HashSet<>();
      for (Future<TenantRecord> attempt : attempts) {
        made.add(attempt.get());
      }
      assertEquals(1, made.size());
    }
  }

  @Test
  void migrateTenants_versionBehind_bringsItForward() {
    TenantRecord made = lifecycle.create(name, organization, "request-1");
    server.execute("UPDATE platform.tenant SET schema_version = 0 WHERE name = '" + name + "'");
    assertEquals(0, lifecycle.migrateTenants());
    assertEquals(made.schemaVersion(), lifecycle.show(name).orElseThrow().schemaVersion());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "Acme", "1acme", "-acme", "a_b", "a b", "a;b", "é1", "a\nb"})
  void create_impossibleName_saysWhatIsPossible(String impossible) {
    assertTrue(
        message(() -> lifecycle.create(impossible, organization, "request"))
            .contains("2 to 63 characters"));
  }

  @Test
  void create_serverAway_saysWhere() {
    TenantLifecycle lost = new TenantLifecycle(server.config(1, 1, 1), (tenant, request) -> {});
    String message = message(() -> lost.create(name, organization, "request"));
    assertTrue(message.contains("127.0.0.1:1"), message);
  }

  @Test
  void bootstrap_again_changesNothingAndKeepsPasswords() {
    PlatformBootstrap.run(server.jdbcUrl(), "postgres", "", server.config());
    assertEquals(List.of(), lifecycle.list().stream().filter(t -> t.name().equals(name)).toList());
  }

  @Test
  void auditEntry_changedByItsOwner_isRefused() {
    lifecycle.migratePlatform();
    server.execute(
        "INSERT INTO audit.entry VALUES ('test', 1, gen_random_uuid(), now(), '{}',"
            + " decode(repeat('00', 32), 'hex')) ON CONFLICT DO NOTHING");
    for (String sql :
        List.of(
            "UPDATE audit.entry SET body = 'x'",
            "DELETE FROM audit.entry",
            "TRUNCATE audit.entry")) {
      for (String role : List.of("pc_owner", "postgres")) {
        assertThrows(
            IllegalStateException.class, () -> server.execute("SET ROLE " + role, sql), sql);
      }
    }
  }

  private static String message(Executable action) {
    return String.valueOf(assertThrows(TenantLifecycleException.class, action).getMessage());
  }

  private String text(String sql, String argument) throws SQLException {
    try (Connection connection = server.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql.formatted(argument))) {
      rows.next();
      return rows.getString(1);
    }
  }
}
