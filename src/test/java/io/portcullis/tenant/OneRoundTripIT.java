package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.testing.DelayProxy;
import io.portcullis.testing.PostgresServer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** With 20 ms on the way there and 20 ms on the way back, one round trip takes 40 ms. */
class OneRoundTripIT {
  private static final int ROUNDS = 21;

  private final PostgresServer server = PostgresServer.shared();
  private final Tenants tenants = Tenants.in(server);

  /** The way there and back takes 40 ms, so whatever is below 80 cannot have gone twice. */
  @Test
  void run_warmedUp_takesOneRoundTrip() {
    Vertx vertx = Vertx.vertx();
    try (DelayProxy proxy = DelayProxy.start(Duration.ofMillis(20), server.port())) {
      TenantSession session =
          new TenantSession(vertx, server.config(proxy.port(), 1, 8), new SimpleMeterRegistry());
      Statement read =
          Statement.of("SELECT id, title FROM conversation WHERE id = $1", UUID.randomUUID());
      long readMillis = medianMillis(session, Access.READ, read);
      assertTrue(readMillis >= 40 && readMillis < 80, "a read took " + readMillis + " ms");
      UUID id = UUID.randomUUID();
      long writeMillis =
          medianMillis(
              session,
              Access.WRITE,
              Statement.of(
                  "INSERT INTO conversation (id, owner, title, created_at, updated_at)"
                      + " VALUES ($1, 'alice', 'title', $2, $2) ON CONFLICT (id) DO NOTHING",
                  id,
                  Instant.now()),
              Statement.of("UPDATE conversation SET title = $2 WHERE id = $1", id, "other"),
              read);
      assertTrue(writeMillis >= 40 && writeMillis < 80, "a write took " + writeMillis + " ms");
      Await.result(session.close());
    } finally {
      Await.result(vertx.close());
    }
  }

  private long medianMillis(TenantSession session, Access access, Statement... statements) {
    long[] nanos = new long[ROUNDS];
    for (int i = -3; i < ROUNDS; i++) {
      long start = System.nanoTime();
      Await.result(session.run(i % 2 == 0 ? tenants.acme() : tenants.globex(), access, statements));
      if (i >= 0) {
        nanos[i] = System.nanoTime() - start;
      }
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[ROUNDS / 2]).toMillis();
  }
}
