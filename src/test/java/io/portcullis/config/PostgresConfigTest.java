package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.config.PostgresConfig.Login;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class PostgresConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new PostgresConfig(
            "127.0.0.1",
            5432,
            "portcullis",
            new Login("pc_app", new Secret("")),
            new Login("pc_platform", new Secret("")),
            new Login("pc_admin", new Secret("")),
            16,
            256,
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(8),
            Duration.ofMinutes(30)),
        Samples.section("", PostgresConfig::read));
  }

  @Test
  void read_noLoginForMigrations_asksForNoPasswordOfIt() {
    PostgresConfig serving =
        Samples.section(
            """
            host: db.example.com
            app: {password: password-of-app}
            platform: {password: password-of-platform}
            admin: {user: ''}
            """,
            PostgresConfig::read);
    assertEquals(new Login("", new Secret("")), serving.admin());
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new PostgresConfig(
            "db.example.com",
            1,
            "tenants",
            new Login("a", new Secret("password-of-a")),
            new Login("b", new Secret("password-of-b")),
            new Login("c", new Secret("password-of-c")),
            2,
            3,
            Duration.ofSeconds(4),
            Duration.ofMillis(50),
            Duration.ofSeconds(6),
            Duration.ofHours(7),
            PostgresConfig.Tls.VERIFY_FULL,
            Optional.of(Path.of("/run/ca.pem"))),
        Samples.full(
            """
            host: db.example.com
            port: 1
            database: tenants
            app: {user: a, password: password-of-a}
            platform: {user: b, password: password-of-b}
            admin: {user: c, password: password-of-c}
            pool-size: 2
            max-waiting: 3
            connect-timeout: 4s
            statement-timeout: 50ms
            unit-timeout: 6s
            max-lifetime: 7h
            tls: verify-full
            trust: /run/ca.pem
            """,
            PostgresConfig::read,
            "app.password-file",
            "platform.password-file",
            "admin.password-file"));
  }
}
