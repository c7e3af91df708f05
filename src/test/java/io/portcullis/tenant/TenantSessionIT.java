package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.TenantId;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Units of work against a real server. */
class TenantSessionIT {
  private static final String INSERT =
      "INSERT INTO conversation (id, owner, title, created_at, updated_at)"
          + " VALUES ($1, $2, $3, $4, $4)";

  private final PostgresServer server = PostgresServer.shared();
  private final Tenants tenants = Tenants.in(server);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Vertx vertx = Vertx.vertx();
  private TenantSession session;

  @BeforeEach
  void open() {
    session = new TenantSession(vertx, server.config(), meters, 1);
  }

  @AfterEach
  void close() {
    Await.result(session.close());
    Await.result(vertx.close());
    assertEquals(0, meters.counter("portcullis.tenant.isolation.violation").count());
  }

  private static Statement insert(UUID id, String title) {
    return Statement.of(INSERT, id, "alice", title, Instant.now());
  }

  private static Statement count(UUID id) {
    return Statement.of("SELECT count(*) AS n FROM conversation WHERE id = $1", id);
  }

  private long counted(TenantId tenant, UUID id) {
    return Await.result(session.run(tenant, Access.READ, count(id)))
        .getFirst()
        .first()
        .orElseThrow()
        .number("n");
  }

  @Test
  void run_writtenByOneTenant_isThereForItAndForNobodyElse() {
    UUID id = UUID.randomUUID();
    Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);
    List<Rows> results =
        Await.result(
            session.run(
                tenants.acme(),
                Access.WRITE,
                Statement.of(INSERT, id, "alice", "Ünïcode", at),
                Statement.of("SELECT * FROM conversation WHERE id = $1", id)));
    assertEquals(1, results.get(0).rowCount());
    Row row = results.get(1).first().orElseThrow();
    assertEquals(id, row.uuid("id"));
    assertEquals("Ünïcode", row.text("title"));
    assertEquals(at, row.instant("created_at"));
    assertEquals(1, counted(tenants.acme(), id));
    assertEquals(0, counted(tenants.globex(), id));
  }

  @Test
  void run_uniqueViolation_saysWhichAndNothingHappened() {
    UUID first = UUID.randomUUID();
    UUID second = UUID.randomUUID();
    Await.result(session.run(tenants.acme(), Access.WRITE, insert(first, "one")));
    TenantSessionException failure =
        Await.failure(
            TenantSessionException.class,
            session.run(
                tenants.acme(), Access.WRITE, insert(second, "two"), insert(first, "again")));
    assertEquals(TenantSessionException.UNIQUE_VIOLATION, failure.sqlState());
    assertEquals("conversation_pkey", failure.constraint());
    assertEquals(0, counted(tenants.acme(), second));
  }

  @Test
  void run_errorSwallowedByCommit_isNoSuccess() {
    UUID id = UUID.randomUUID();
    for (int i = 0; i < 20; i++) {
      TenantSessionException failure =
          Await.failure(
              TenantSessionException.class,
              session.run(
                  tenants.acme(),
                  Access.WRITE,
                  insert(id, "lost"),
                  Statement.of("SELECT 1 / $1::int AS n", 0)));
      assertEquals("22012", failure.sqlState());
    }
    assertEquals(0, counted(tenants.acme(), id));
    assertTrue(session.connections() <= server.config().poolSize());
  }

  @Test
  void run_argumentOfTheWrongType_commitsNothing() {
    UUID id = UUID.randomUUID();
    Statement wrong = Statement.of("SELECT $1::uuid AS id", 42);
    for (int i = 0; i < 3; i++) {
      Await.failure(
          IllegalArgumentException.class,
          session.run(tenants.acme(), Access.WRITE, insert(id, "half"), wrong));
      assertEquals(0, counted(tenants.acme(), id), "attempt " + i);
    }
    // With every statement in the connection's cache there is no pause before the COMMIT.
    Await.result(
        session.run(
            tenants.acme(),
            Access.READ,
            Statement.of("SELECT $1::uuid AS id", UUID.randomUUID()),
            count(id)));
    Await.failure(
        IllegalArgumentException.class,
        session.run(tenants.acme(), Access.WRITE, insert(id, "half"), wrong, count(id)));
    assertEquals(0, counted(tenants.acme(), id));
  }

  @Test
  void run_readAccess_cannotWrite() {
    TenantSessionException failure =
        Await.failure(
            TenantSessionException.class,
            session.run(tenants.acme(), Access.READ, insert(UUID.randomUUID(), "no")));
    assertEquals("25006", failure.sqlState());
  }

  @Test
  void run_statementTimeout_isUnavailableAndTheConnectionGoesOn() {
    Rejection rejection =
        Await.failure(
            Rejection.class,
            session.run(
                tenants.acme(),
                Access.READ,
                Statement.of("SELECT count(*) FROM generate_series(1, 1000000000000)")));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertEquals("postgresql-timeout", rejection.reason());
    assertEquals(0, counted(tenants.acme(), UUID.randomUUID()));
    assertTrue(session.connections() > 0);
  }

  @Test
  void run_roleRevoked_isSuspendedUntilGrantedAgain() {
    UUID id = UUID.randomUUID();
    Await.result(session.run(tenants.initech(), Access.WRITE, insert(id, "before")));
    server.execute("REVOKE " + tenants.initech().role() + " FROM pc_app GRANTED BY pc_admin");
    for (Access access : Access.values()) {
      Rejection rejection =
          Await.failure(Rejection.class, session.run(tenants.initech(), access, count(id)));
      assertEquals(Problem.TENANT_SUSPENDED, rejection.problem());
    }
    assertEquals(0, counted(tenants.acme(), id));
    server.execute(
        "SET ROLE pc_admin; GRANT " + tenants.initech().role() + " TO pc_app WITH INHERIT FALSE");
    assertEquals(1, counted(tenants.initech(), id));
  }

  @Test
  void run_unknownTenant_isRefused() {
    Rejection rejection =
        Await.failure(
            Rejection.class,
            session.run(new TenantId("zzzzzzzzzzzzz"), Access.READ, count(UUID.randomUUID())));
    assertEquals(Problem.TENANT_SUSPENDED, rejection.problem());
  }

  @Test
  void run_moreThanTheQueueTakes_isOverloadedAndTheRestIsServed() {
    TenantSession small = new TenantSession(vertx, server.config(server.port(), 1, 3), meters, 1);
    List<Future<List<Rows>>> units = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      units.add(small.run(tenants.acme(), Access.READ, count(UUID.randomUUID())));
    }
    int overloaded = 0;
    for (Future<List<Rows>> unit : units) {
      if (Await.settled(unit).failed()) {
        Rejection rejection = Await.failure(Rejection.class, unit);
        assertEquals(Problem.OVERLOADED, rejection.problem());
        assertTrue(rejection.retryAfter().isPresent());
        overloaded++;
      }
    }
    assertTrue(overloaded >= 40 && overloaded <= 47, "overloaded: " + overloaded);
    assertEquals(1, small.connections());
    Await.result(small.close());
  }

  @Test
  void run_tableChangedUnderACachedPlan_isTriedAgain() {
    TenantSession one = new TenantSession(vertx, server.config(server.port(), 1, 8), meters, 1);
    String schema = tenants.initech().role();
    server.execute(
        "SET ROLE pc_owner",
        "DROP TABLE IF EXISTS " + schema + ".shape",
        "CREATE TABLE " + schema + ".shape (a int)",
        "INSERT INTO " + schema + ".shape VALUES (1)");
    Statement star = Statement.of("SELECT * FROM shape");
    Statement column = Statement.of("SELECT a FROM shape");
    Await.result(one.run(tenants.initech(), Access.READ, star, column));
    server.execute("ALTER TABLE " + schema + ".shape ADD COLUMN b int DEFAULT 2");
    List<Rows> wider = Await.result(one.run(tenants.initech(), Access.READ, star, column));
    assertEquals(2, wider.getFirst().first().orElseThrow().number("b"));
    server.execute("ALTER TABLE " + schema + ".shape ALTER COLUMN a TYPE text");
    List<Rows> other = Await.result(one.run(tenants.initech(), Access.READ, star, column));
    assertEquals("1", other.getLast().first().orElseThrow().text("a"));
    server.execute("DROP TABLE " + schema + ".shape");
    Await.result(one.close());
  }
}
