package io.portcullis.tenant;

import io.portcullis.config.PostgresConfig;
import io.portcullis.config.PostgresConfig.Login;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGConnection;

/**
 * Prepares a database, as a superuser: roles, privileges, platform schemas. May be run again at any
 * time; a running system does not notice.
 */
public final class PlatformBootstrap {
  private static final String SCRIPT = "/db/bootstrap.sql";

  private PlatformBootstrap() {}

  /**
   * Runs the script and sets the passwords of the three logins. A password is hashed here and never
   * sent, so no log of the server can show it. A login with an empty password keeps the one it has.
   *
   * @param jdbcUrl of the database to prepare
   * @throws TenantLifecycleException when the database cannot be reached or refuses
   */
  public static void run(String jdbcUrl, String superuser, String password, PostgresConfig config) {
    Map<String, Login> logins =
        Map.of(
            "pc_app", config.app(), "pc_platform", config.platform(), "pc_admin", config.admin());
    logins.forEach(PlatformBootstrap::checkName);
    Properties properties = new Properties();
    properties.setProperty("user", superuser);
    properties.setProperty("password", password);
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("ApplicationName", "portcullis-bootstrap");
    try (Connection connection = DriverManager.getConnection(jdbcUrl, properties)) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        statement.execute(script());
      }
      PGConnection postgres = connection.unwrap(PGConnection.class);
      for (Login login : logins.values()) {
        if (!login.password().value().isEmpty()) {
          postgres.alterUserPassword(
              login.user(), login.password().value().toCharArray(), "scram-sha-256");
        }
      }
      connection.commit();
    } catch (SQLException e) {
      throw new TenantLifecycleException("cannot prepare the database: " + e.getMessage(), e);
    }
  }

  private static void checkName(String name, Login login) {
    if (!login.user().equals(name)) {
      throw new TenantLifecycleException(
          "the login "
              + login.user()
              + " is configured where the database will have "
              + name
              + ": configure "
              + name
              + " or prepare the database by hand");
    }
  }

  private static String script() {
    try (InputStream in = PlatformBootstrap.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(SCRIPT + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
