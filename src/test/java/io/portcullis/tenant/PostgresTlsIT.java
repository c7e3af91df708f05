package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.PostgresConfig;
import io.portcullis.model.Rejection;
import io.portcullis.testing.PostgresServer;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TlsFolder;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A PostgreSQL that takes the platform's logins by TLS alone, with a certificate for {@code
 * localhost}.
 */
class PostgresTlsIT {
  private static final String ANY = "SELECT 1";

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private static Path folder;

  private static PostgresServer server;
  private static TlsFolder tls;
  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void start() {
    tls = TlsFolder.of(folder.resolve("server"), new TestAuthority("root of postgres"));
    server = PostgresServer.start();
    server.requireTls(tls);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void close() {
    Await.result(vertx.close());
  }

  @Test
  void everyConnection_toAServerThatIsVouchedFor_isByTls() {
    PostgresConfig config = config("localhost", tls.trust());
    TenantLifecycle lifecycle = new TenantLifecycle(config, (tenant, request) -> {});
    lifecycle.migratePlatform();
    TenantRecord made = lifecycle.create("acme", "acme-org", "test");
    PlatformDatabase database = new PlatformDatabase(vertx, config);
    assertEquals(1, Await.result(database.query(ANY)).getFirst()[0]);
    TenantVerticle verticle = new TenantVerticle(config, database, Clock.systemUTC());
    Await.result(
        vertx.deployVerticle(
            () -> verticle,
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    Await.until("listening", () -> verticle.status().listening());
    TenantSession session = new TenantSession(vertx, config, new SimpleMeterRegistry());
    List<Rows> rows = Await.result(session.run(made.id(), Access.READ, Statement.of(ANY)));
    assertEquals(1, rows.getFirst().list().size());
    Await.result(session.close());
    Await.result(database.close());
  }

  @Test
  void server_ofAnotherName_isNotSpokenTo() {
    assertRefused(config("127.0.0.1", tls.trust()), "127.0.0.1");
  }

  @Test
  void server_ofAnotherAuthority_isNotSpokenTo() {
    TlsFolder other = TlsFolder.of(folder.resolve("other"), new TestAuthority("another root"));
    assertRefused(config("localhost", other.trust()), "PKIX path");
  }

  @Test
  void server_thatOnlyTheJvmCouldKnow_isNotSpokenTo() {
    PostgresConfig base = config("localhost", tls.trust());
    assertRefused(with(base, base.host(), PostgresConfig.Tls.VERIFY_FULL, Optional.empty()), "");
  }

  @Test
  void withoutTls_theServerRefuses() {
    PostgresConfig base = config("localhost", tls.trust());
    assertRefused(with(base, base.host(), PostgresConfig.Tls.OFF, Optional.empty()), "pg_hba");
  }

  /** By the driver of requests (an outage, 503) and by that of migrations, which says why. */
  private void assertRefused(PostgresConfig config, String reason) {
    PlatformDatabase database = new PlatformDatabase(vertx, config);
    Rejection refused = Await.failure(Rejection.class, database.query(ANY));
    assertEquals(503, refused.problem().status());
    Await.result(database.close());
    TenantLifecycle lifecycle = new TenantLifecycle(config, (tenant, request) -> {});
    TenantLifecycleException failure =
        assertThrows(TenantLifecycleException.class, lifecycle::migratePlatform);
    assertTrue(String.valueOf(failure.getMessage()).contains(reason), failure::getMessage);
  }

  private static PostgresConfig config(String host, Path trust) {
    return with(server.config(), host, PostgresConfig.Tls.VERIFY_FULL, Optional.of(trust));
  }

  private static PostgresConfig with(
      PostgresConfig base, String host, PostgresConfig.Tls mode, Optional<Path> trust) {
    return new PostgresConfig(
        host,
        base.port(),
        base.database(),
        base.app(),
        base.platform(),
        base.admin(),
        base.poolSize(),
        base.maxWaiting(),
        base.connectTimeout(),
        base.statementTimeout(),
        base.unitTimeout(),
        base.maxLifetime(),
        mode,
        trust);
  }
}
