package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.model.TenantId;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Thousands of interleaved units of three tenants on two connections, some of which fail in every
 * way there is, with connections killed meanwhile: no unit may ever see a row of another tenant.
 */
class CrossingFuzzIT {
  private static final int UNITS = 20_000;
  private static final int LANES = 24;
  private static final int KILL_EVERY = 3_000;

  private final long seed = System.nanoTime();
  private final PostgresServer server = PostgresServer.shared();
  private final Tenants tenants = Tenants.in(server);
  private final List<TenantId> ids = List.of(tenants.acme(), tenants.globex(), tenants.initech());
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final TenantSession session =
      new TenantSession(vertx, server.config(server.port(), 2, LANES), meters, 7);
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicLong succeeded = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  @Test
  void run_manyTenantsErrorsAndLostConnections_neverCross() {
    for (TenantId id : ids) {
      server.execute(
          "SET ROLE pc_owner",
          "CREATE TABLE IF NOT EXISTS " + id.role() + ".whose (tenant text, n int)",
          "TRUNCATE " + id.role() + ".whose",
          "INSERT INTO "
              + id.role()
              + ".whose SELECT '"
              + id
              + "', g FROM generate_series(1, 5) g");
    }
    Promise<Void> done = Promise.promise();
    AtomicInteger lanes = new AtomicInteger(LANES);
    for (int lane = 0; lane < LANES; lane++) {
      Random random = new Random(seed + lane);
      vertx
          .getOrCreateContext()
          .runOnContext(
              ignored ->
                  next(random)
                      .onFailure(done::tryFail)
                      .onSuccess(
                          end -> {
                            if (lanes.decrementAndGet() == 0) {
                              done.tryComplete();
                            }
                          }));
    }
    done.future()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(60, java.util.concurrent.TimeUnit.SECONDS)
        .exceptionally(
            failure -> {
              throw new AssertionError("seed " + seed, failure);
            })
        .join();
    assertEquals(0, meters.counter("portcullis.tenant.isolation.violation").count());
    assertTrue(succeeded.get() > UNITS / 2, "seed " + seed + ", succeeded " + succeeded);
    assertTrue(refused.get() > 0, "no unit failed, seed " + seed);
    Await.result(session.close());
    Await.result(vertx.close());
  }

  private Future<Void> next(Random random) {
    int number = started.getAndIncrement();
    if (number >= UNITS) {
      return Future.succeededFuture();
    }
    if (number % KILL_EVERY == KILL_EVERY - 1) {
      vertx.executeBlocking(
          () -> {
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE usename = 'pc_app' ORDER BY random() LIMIT 1");
            return null;
          });
    }
    return unit(ids.get(random.nextInt(ids.size())), random)
        .transform(
            outcome -> {
              if (outcome.succeeded()) {
                succeeded.incrementAndGet();
              } else if (outcome.cause() instanceof AssertionError crossing) {
                return Future.failedFuture(crossing);
              } else {
                refused.incrementAndGet();
              }
              // Off the stack: twenty thousand units in one chain would overflow it.
              Promise<Void> later = Promise.promise();
              vertx.runOnContext(ignored -> next(random).onComplete(later));
              return later.future();
            });
  }

  private Future<Void> unit(TenantId id, Random random) {
    Statement whose =
        Statement.of("SELECT tenant, $1::text AS echo FROM whose ORDER BY n", id.value());
    if (random.nextInt(300) == 0) {
      // Costs the connection.
      return session.run(id, Access.READ, whose, Statement.of("SELECT $1::uuid", 7)).mapEmpty();
    }
    return switch (random.nextInt(10)) {
      case 0 -> session.run(id, Access.READ, whose, fails(random)).mapEmpty();
      case 1 -> session.run(id, Access.WRITE, fails(random), whose).mapEmpty();
      case 2 -> session.run(id, Access.WRITE, insert(), whose).compose(r -> check(id, r.get(1)));
      default -> session.run(id, Access.READ, whose).compose(r -> check(id, r.getFirst()));
    };
  }

  private Future<Void> check(TenantId id, Rows rows) {
    for (Row row : rows.list()) {
      if (!row.text("tenant").equals(id.value()) || !row.text("echo").equals(id.value())) {
        return Future.failedFuture(
            new AssertionError(id + " saw " + row.text("tenant") + ", seed " + seed));
      }
    }
    return rows.list().size() == 5
        ? Future.succeededFuture()
        : Future.failedFuture(new AssertionError(rows.list().size() + " rows, seed " + seed));
  }

  private static Statement insert() {
    return Statement.of(
        "INSERT INTO conversation (id, owner, title, created_at, updated_at)"
            + " VALUES ($1, 'fuzz', 'fuzz', $2, $2)",
        UUID.randomUUID(),
        Instant.now());
  }

  private static Statement fails(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Statement.of("SELECT 1 / $1::int", 0);
      case 1 -> Statement.of("SELECT no_such_column FROM whose");
      case 2 -> Statement.of("SELECT * FROM platform.tenant");
      default -> Statement.of("INSERT INTO message (id) VALUES ($1)", UUID.randomUUID());
    };
  }
}
