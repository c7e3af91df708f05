package io.portcullis.audit;

import io.portcullis.ChainAdapter;
import io.portcullis.config.PostgresConfig;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A real PostgreSQL with the platform's tables, the node's door to them, and an intruder's. */
final class ChainPostgres implements AutoCloseable {
  private final PostgresServer server = PostgresServer.start();
  private final PlatformDatabase platform;

  ChainPostgres(Vertx vertx) {
    platform = new PlatformDatabase(vertx, server.config());
    new TenantLifecycle(server.config(), (tenant, request) -> {}).migratePlatform();
    sql("ALTER TABLE audit.entry DISABLE TRIGGER append_only"); // the intruder is a superuser
  }

  /** The same database from another JVM. */
  static ChainDatabase database(Vertx vertx, PostgresConfig config) {
    return new ChainAdapter(new PlatformDatabase(vertx, config));
  }

  PostgresServer server() {
    return server;
  }

  /** As a node sees it: the role, the deadlines and the adapter of production. */
  ChainDatabase database() {
    return new ChainAdapter(platform);
  }

  void empty() {
    sql("TRUNCATE audit.head, audit.entry");
  }

  void sql(String... statements) {
    server.execute(statements);
  }

  /** The first column of the rows. */
  List<Object> column(String query) {
    List<Object> values = new ArrayList<>();
    try (Connection connection = server.superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getObject(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return values;
  }

  @Override
  public void close() {
    JournalFixture.await(platform.close());
    server.close();
  }
}
