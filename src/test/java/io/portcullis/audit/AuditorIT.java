package io.portcullis.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.ChainAdapter;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.testing.Await;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The login that copies the trail elsewhere: what it may, by the statements that the stack runs.
 */
class AuditorIT {
  private static final String LOGIN = "pc_auditor";
  private static final String PASSWORD = "auditor-secret";

  @Test
  void auditor_readsTheTrailAndDoesNothingElse() throws IOException, SQLException {
    try (PostgresServer server = PostgresServer.start()) {
      server.execute("CREATE ROLE pc_monitor", "CREATE ROLE pc_health", "CREATE ROLE " + LOGIN);
      server.execute(ofTheLogin());
      server.execute("ALTER ROLE " + LOGIN + " PASSWORD '" + PASSWORD + "'");
      String grants = Files.readString(Path.of("docker/postgres/sql/after-bootstrap.sql"));
      // Before there are any tables, as at the first start, and again at each later one.
      server.execute(grants.replace("DATABASE portcullis", "DATABASE postgres"));
      new TenantLifecycle(server.config(), (tenant, request) -> {}).migratePlatform();
      server.execute(grants.replace("DATABASE portcullis", "DATABASE postgres"));
      assertTail(server);
      try (Connection auditor = DriverManager.getConnection(server.jdbcUrl(), LOGIN, PASSWORD)) {
        for (String refused :
            List.of(
                "INSERT INTO audit.head (chain, seq, hash) VALUES ('x', 0, '')",
                "UPDATE audit.head SET seq = 0",
                "DELETE FROM audit.entry",
                "SELECT * FROM platform.tenant",
                "SET ROLE pc_platform",
                "CREATE TABLE audit.mine ()",
                "SELECT pg_read_file('/etc/passwd')")) {
          assertEquals("42501", state(auditor, refused), refused);
        }
      }
    }
  }

  /** By the command's own way, with the configuration that its container has. */
  private static void assertTail(PostgresServer server) {
    Vertx vertx = Vertx.vertx();
    try {
      var database = new PlatformDatabase(vertx, server.reading(LOGIN, PASSWORD));
      AuditTail tail = new AuditTail(new ChainAdapter(database), Optional.empty());
      assertEquals(List.of(), tail.newest(10));
      assertEquals(List.of(), tail.more());
    } finally {
      Await.value(vertx.close());
    }
  }

  /** What roles.sql says of it, but for the limits that are no rights. */
  private static String[] ofTheLogin() throws IOException {
    return Arrays.stream(Files.readString(Path.of("docker/postgres/sql/roles.sql")).split(";"))
        .map(statement -> statement.replaceAll("(?m)^--.*$", "").strip())
        .filter(statement -> statement.startsWith("ALTER ROLE " + LOGIN))
        .toArray(String[]::new);
  }

  private static String state(Connection connection, String sql) {
    SQLException refused =
        assertThrows(
            SQLException.class,
            () -> {
              try (Statement statement = connection.createStatement()) {
                // Its own setting would refuse what writes; that it has no right must do.
                statement.execute("SET default_transaction_read_only = off");
                statement.execute(sql);
              }
            },
            sql);
    return refused.getSQLState();
  }
}
