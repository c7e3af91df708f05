package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.PostgresConfig;
import io.portcullis.model.Rejection;
import io.portcullis.testing.DelayProxy;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PostgreSQL frozen, killed, cut off: every unit is answered in time, and it comes back alone. */
class OutageIT {
  private static final Duration UNIT = Duration.ofMillis(1_500);
  private static final Duration SLACK = Duration.ofSeconds(3);
  private static final PostgresServer SERVER = PostgresServer.start();
  private static final Statement READ = Statement.of("SELECT count(*) AS n FROM conversation");

  private final Tenants tenants = Tenants.in(SERVER);
  private final Vertx vertx = Vertx.vertx();
  private TenantSession session;
  private PlatformDatabase platform;

  private static PostgresConfig config(int port) {
    return SERVER.hasty(port, UNIT);
  }

  @BeforeEach
  void open() {
    session = new TenantSession(vertx, config(SERVER.port()), new SimpleMeterRegistry());
    platform = new PlatformDatabase(vertx, config(SERVER.port()));
    recovers(session);
  }

  @AfterEach
  void close() {
    Await.result(session.close());
    Await.result(platform.close());
    Await.result(vertx.close());
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @Test
  void run_serverFrozen_isAnsweredWithinTheUnitTimeoutAndRecovers() {
    Await.result(platform.query("SELECT 1"));
    SERVER.freeze();
    try {
      for (int round = 0; round < 3; round++) {
        assertAllUnavailableInTime(40);
      }
    } finally {
      SERVER.thaw();
    }
    recovers(session);
    Await.until("platform", () -> Await.settled(platform.query("SELECT 1")).succeeded());
    assertTrue(session.connections() <= 4, "connections: " + session.connections());
    Await.until("abandoned connections are gone at the server too", () -> backends() <= 4);
  }

  @Test
  void run_serverKilled_isUnavailableAtOnceAndRecoversAfterRestart() {
    List<Future<?>> underWay = load(20);
    SERVER.kill();
    try {
      underWay.forEach(Await::settled);
      long start = System.nanoTime();
      Rejection rejection =
          Await.failure(Rejection.class, session.run(tenants.acme(), Access.READ, READ));
      assertEquals("postgresql-unavailable", rejection.reason());
      assertTrue(Duration.ofNanos(System.nanoTime() - start).compareTo(UNIT) < 0);
    } finally {
      SERVER.restart();
    }
    recovers(session);
  }

  @Test
  void run_connectionsCut_failsThoseAndServesTheNext() {
    try (DelayProxy proxy = DelayProxy.start(Duration.ofMillis(5), SERVER.port())) {
      TenantSession far = new TenantSession(vertx, config(proxy.port()), new SimpleMeterRegistry());
      recovers(far);
      for (int i = 0; i < 5; i++) {
        Future<List<Rows>> unit = far.run(tenants.acme(), Access.READ, READ);
        proxy.cut();
        Await.failure(Rejection.class, unit);
        recovers(far);
      }
      Await.result(far.close());
    }
  }

  @Test
  void run_networkSilent_isAnsweredInTimeAndRecovers() {
    try (DelayProxy proxy = DelayProxy.start(Duration.ZERO, SERVER.port())) {
      TenantSession far = new TenantSession(vertx, config(proxy.port()), new SimpleMeterRegistry());
      recovers(far);
      proxy.stall();
      long start = System.nanoTime();
      Await.failure(Rejection.class, far.run(tenants.acme(), Access.WRITE, READ));
      assertInTime(start);
      proxy.resume();
      recovers(far);
      Await.result(far.close());
    }
  }

  @Test
  void run_backendsTerminatedByTheServer_recoversAtOnce() {
    SERVER.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pc_app'");
    recovers(session);
  }

  private List<Future<?>> load(int units) {
    List<Future<?>> futures = new ArrayList<>();
    for (int i = 0; i < units; i++) {
      futures.add(session.run(i % 2 == 0 ? tenants.acme() : tenants.globex(), Access.READ, READ));
    }
    return futures;
  }

  private void assertAllUnavailableInTime(int units) {
    long start = System.nanoTime();
    List<Future<?>> futures = load(units);
    futures.add(platform.query("SELECT 1"));
    futures.add(platform.transaction(transaction -> transaction.query("SELECT 1")));
    for (Future<?> future : futures) {
      Rejection rejection = Await.failure(Rejection.class, future);
      assertEquals(503, rejection.problem().status());
      assertTrue(rejection.retryAfter().isPresent());
    }
    assertInTime(start);
  }

  private static void assertInTime(long startNanos) {
    Duration took = Duration.ofNanos(System.nanoTime() - startNanos);
    assertTrue(took.compareTo(UNIT.plus(SLACK)) < 0, "took " + took);
  }

  private static int backends() {
    try (Connection connection = SERVER.superuser();
        java.sql.Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*) FROM pg_stat_activity WHERE usename = 'pc_app'")) {
      rows.next();
      return rows.getInt(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void recovers(TenantSession which) {
    Await.until(
        "a unit succeeds",
        () -> Await.settled(which.run(tenants.acme(), Access.READ, READ)).succeeded());
  }
}
