package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.portcullis.model.Rejection;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The platform's own schemas: what its login may do, and transactions that never half happen. */
class PlatformDatabaseIT {
  private static final String INSERT = "INSERT INTO audit.entry VALUES ($1, $2, $3, $4, $5, $6)";

  private final PostgresServer server = PostgresServer.shared();
  private final Tenants tenants = Tenants.in(server);
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final String chain = "test-" + UUID.randomUUID();
  private final byte[] hash = new byte[32];
  private PlatformDatabase database;

  @BeforeEach
  void open() {
    database = new PlatformDatabase(vertx, server.config());
  }

  @AfterEach
  void close() {
    Await.result(database.close());
    Await.result(vertx.close());
  }

  private Future<List<Object[]>> insert(PlatformTransaction transaction, long seq) {
    return transaction.query(INSERT, chain, seq, UUID.randomUUID(), Instant.now(), "{}", hash);
  }

  private long entries() {
    return (Long)
        Await.result(database.query("SELECT count(*) FROM audit.entry WHERE chain = $1", chain))
            .getFirst()[0];
  }

  @Test
  void query_everyType_comesBackAsItWent() {
    UUID id = UUID.randomUUID();
    Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);
    hash[3] = 7;
    Await.result(database.query(INSERT, chain, 1L, id, at, "body", hash));
    Object[] row =
        Await.result(database.query("SELECT * FROM audit.entry WHERE chain = $1", chain))
            .getFirst();
    assertEquals(List.of(chain, 1L, id, at, "body"), List.of(row).subList(0, 5));
    assertArrayEquals(hash, assertInstanceOf(byte[].class, row[5]));
  }

  @Test
  void transaction_allSucceed_isCommitted() {
    String result =
        Await.result(
            database.transaction(
                t -> insert(t, 1).compose(done -> insert(t, 2)).map(done -> "written")));
    assertEquals("written", result);
    assertEquals(2, entries());
  }

  @Test
  void transaction_workFails_isRolledBackWithItsFailure() {
    IllegalStateException failure = new IllegalStateException("no");
    assertSame(
        failure,
        Await.failure(
            IllegalStateException.class,
            database.transaction(t -> insert(t, 1).compose(done -> Future.failedFuture(failure)))));
    assertEquals(0, entries());
  }

  @Test
  void transaction_failureSwallowedByTheWork_isNoSuccess() {
    TenantSessionException failure =
        Await.failure(
            TenantSessionException.class,
            database.transaction(
                t ->
                    insert(t, 1)
                        .compose(done -> insert(t, 1))
                        .otherwise(List.of())
                        .map("swallowed")));
    assertEquals(TenantSessionException.UNIQUE_VIOLATION, failure.sqlState());
    assertEquals("entry_pkey", failure.constraint());
    assertEquals(0, entries());
  }

  @Test
  void transaction_failureNobodyWaitedFor_isNoSuccess() {
    Await.failure(
        TenantSessionException.class,
        database.transaction(
            t -> {
              insert(t, 1);
              insert(t, 1);
              return Future.succeededFuture("ran ahead");
            }));
    assertEquals(0, entries());
  }

  @Test
  void transaction_usedAfterItsEnd_isRefused() {
    PlatformTransaction[] kept = new PlatformTransaction[1];
    Await.result(
        database.transaction(
            t -> {
              kept[0] = t;
              return t.query("SELECT 1");
            }));
    Await.failure(IllegalStateException.class, kept[0].query("SELECT 1"));
  }

  @Test
  void transaction_workThrows_isRolledBack() {
    Await.failure(
        ArithmeticException.class,
        database.transaction(
            t -> {
              throw new ArithmeticException();
            }));
    assertEquals(0, entries());
  }

  @Test
  void transaction_neverEnding_isGivenUpAtTheDeadline() {
    PlatformDatabase hasty =
        new PlatformDatabase(vertx, server.hasty(server.port(), Duration.ofMillis(1_500)));
    Rejection rejection =
        Await.failure(
            Rejection.class,
            hasty.transaction(t -> insert(t, 1).compose(done -> Future.future(never -> {}))));
    Await.result(hasty.close());
    assertEquals("postgresql-timeout", rejection.reason());
    assertEquals(0, entries());
  }

  @Test
  void login_anythingBeyondItsDuty_isRefused() {
    for (String sql :
        List.of(
            "UPDATE audit.entry SET body = ''",
            "DELETE FROM audit.entry",
            "DELETE FROM audit.head",
            "INSERT INTO platform.tenant (id, name, organization, state) VALUES"
                + " ('aaaaaaaaaaaaa', 'aa', 'x', 'active')",
            "UPDATE platform.tenant SET state = 'active'",
            "SELECT * FROM " + tenants.acme().role() + ".conversation",
            "SET ROLE " + tenants.acme().role(),
            "SET ROLE pc_owner",
            "CREATE TABLE platform.mine (a int)",
            "SELECT set_config('role', 'pc_owner', false)")) {
      TenantSessionException failure =
          Await.failure(TenantSessionException.class, database.query(sql));
      assertEquals("42501", failure.sqlState(), sql);
    }
  }

  @Test
  void query_fromAVirtualThread_completesThere() {
    Future<Boolean> there =
        Future.future(
            promise ->
                vertx
                    .deployVerticle(
                        () ->
                            new io.vertx.core.VerticleBase() {
                              @Override
                              public Future<?> start() {
                                Await.result(Future.succeededFuture());
                                Object one =
                                    Future.await(
                                            database.transaction(t -> t.query("SELECT 1::bigint")))
                                        .getFirst()[0];
                                promise.complete(
                                    one.equals(1L) && Thread.currentThread().isVirtual());
                                return Future.succeededFuture();
                              }
                            },
                        new io.vertx.core.DeploymentOptions()
                            .setThreadingModel(io.vertx.core.ThreadingModel.VIRTUAL_THREAD))
                    .onFailure(promise::tryFail));
    assertEquals(true, Await.result(there));
  }
}
