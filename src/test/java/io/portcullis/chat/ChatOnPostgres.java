package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.service.ServiceBus;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.tenant.TenantSession;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** The chat service on the shared PostgreSQL, with two tenants. */
record ChatOnPostgres(
    PostgresServer server,
    Vertx vertx,
    TenantSession session,
    ServiceBus bus,
    Tenant acme,
    Tenant globex)
    implements AutoCloseable {

  static ChatOnPostgres start() {
    PostgresServer server = PostgresServer.shared();
    TenantLifecycle lifecycle = new TenantLifecycle(server.config(), (tenant, request) -> {});
    Tenant acme = tenant("acme", lifecycle.create("acme", "organization-acme", "test").id());
    Tenant globex =
        tenant("globex", lifecycle.create("globex", "organization-globex", "test").id());
    Vertx vertx = Vertx.vertx();
    ServiceBus bus = new ServiceBus(vertx, Clock.systemUTC());
    TenantSession session =
        new TenantSession(vertx, server.patient(Duration.ofSeconds(12)), new SimpleMeterRegistry());
    Asking.await(
        vertx.deployVerticle(
            () ->
                new ConversationVerticle(
                    bus, session, event -> Future.succeededFuture(), Clock.systemUTC()),
            new DeploymentOptions().setInstances(2)));
    return new ChatOnPostgres(server, vertx, session, bus, acme, globex);
  }

  private static Tenant tenant(String name, TenantId id) {
    return new Tenant(id, name, "organization-" + name, Tenant.State.ACTIVE);
  }

  /** A user of acme whom no other test knows. */
  Asking somebody() {
    return Asking.user(bus, acme, "user-" + UUID.randomUUID());
  }

  @Override
  public void close() {
    Asking.await(vertx.close().eventually(session::close));
  }

  /** How many rows of acme's there are; the text follows FROM. */
  int count(String rows) {
    return number("SELECT count(*) FROM ROLE." + rows);
  }

  /** The one number that acme's rows give. */
  int number(String sql) {
    try (Connection connection = server.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql.replace("ROLE", acme.id().role()))) {
      assertTrue(rows.next());
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs SQL as the superuser on acme's rows. */
  void execute(String... sql) {
    for (String one : sql) {
      server.execute(one.replace("ROLE", acme.id().role()));
    }
  }

  /** How PostgreSQL reads acme's rows, whatever the arguments. */
  String plan(String sql, String types, String arguments) throws SQLException {
    try (Connection connection = server.superuser();
        Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + acme.id().role());
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE q(" + types + ") AS " + sql);
      StringBuilder plan = new StringBuilder();
      try (ResultSet rows = statement.executeQuery("EXPLAIN EXECUTE q(" + arguments + ")")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      return plan.toString();
    }
  }
}
