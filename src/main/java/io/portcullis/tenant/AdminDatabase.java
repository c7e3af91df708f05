package io.portcullis.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.portcullis.config.PostgresConfig;
import java.net.URLEncoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Blocking connections as {@code pc_admin}, for migrations and the life cycle. */
final class AdminDatabase {
  private static final int SOCKET_TIMEOUT_SECONDS = 300;

  private final String url;
  private final PostgresConfig config;

  AdminDatabase(PostgresConfig config) {
    this.config = config;
    long connectSeconds = Math.max(1, config.connectTimeout().plusMillis(999).toSeconds());
    this.url =
        "jdbc:postgresql://"
            + address(config)
            + "/"
            + config.database()
            + "?ApplicationName=portcullis-admin&connectTimeout="
            + connectSeconds
            + "&loginTimeout="
            + connectSeconds
            + "&socketTimeout="
            + SOCKET_TIMEOUT_SECONDS
            + tls(config);
  }

  /** The driver reads the file at each connection. */
  private static String tls(PostgresConfig config) {
    if (config.tls() == PostgresConfig.Tls.OFF) {
      return "&sslmode=disable";
    }
    return "&sslmode=verify-full"
        + config
            .trust()
            .map(file -> "&sslrootcert=" + URLEncoder.encode(file.toString(), UTF_8))
            .orElse("&sslfactory=" + DefaultJavaSSLFactory.class.getName());
  }

  /** Lets Flyway use the same login. */
  FluentConfiguration configure(FluentConfiguration flyway) {
    return flyway.dataSource(url, config.admin().user(), config.admin().password().value());
  }

  /** One transaction: committed when {@code work} returns, rolled back when it throws. */
  <T> T transaction(Work<T> work) {
    try (Connection connection =
        DriverManager.getConnection(
            url, config.admin().user(), config.admin().password().value())) {
      connection.setAutoCommit(false);
      try {
        T result = work.run(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollback(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw new TenantLifecycleException(
          "PostgreSQL at " + address(config) + ": " + e.getMessage(), e);
    }
  }

  private static String address(PostgresConfig config) {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    return host + ":" + config.port();
  }

  private static void rollback(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** What is done within a transaction. */
  @FunctionalInterface
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }
}
