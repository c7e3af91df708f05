package io.portcullis.tenant;

import io.portcullis.config.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The door to the platform's own schemas: the registry, read only, and the audit trail, append
 * only. A few connections of its own, so that tenants' requests cannot hold the trail up.
 *
 * <p>Thread-safe. Futures complete on the caller's context. They fail like those of {@link
 * TenantSession}: 503 {@code dependency-unavailable} or {@code overloaded}, or {@link
 * TenantSessionException} for a statement that was refused.
 */
public final class PlatformDatabase {
  private static final int CONNECTIONS = 4;
  private static final int MAX_WAITING = 256;

  private final VertxInternal vertx;
  private final BackendPool pool;
  private final Duration unitTimeout;

  /** Opens no connection before it is used. */
  public PlatformDatabase(Vertx vertx, PostgresConfig config) {
    this.vertx = (VertxInternal) vertx;
    this.pool =
        new BackendPool(
            vertx,
            PgArguments.options(config, config.platform(), "portcullis-platform"),
            new BackendPool.Bounds(
                CONNECTIONS, MAX_WAITING, config.connectTimeout(), config.maxLifetime()));
    this.unitTimeout = config.unitTimeout();
  }

  /** Runs one statement, committed when the future succeeds. */
  public Future<List<@Nullable Object[]>> query(String sql, @Nullable Object... args) {
    return start(transaction -> transaction.query(sql, args), false);
  }

  /**
   * Runs {@code work} within a transaction, on the caller's context: committed when its future
   * succeeds, rolled back when that or any of its statements fails. The transaction has the same
   * deadline as any unit of work.
   */
  public <T> Future<T> transaction(Function<PlatformTransaction, Future<T>> work) {
    return start(work, true);
  }

  private <T> Future<T> start(Function<PlatformTransaction, Future<T>> work, boolean transaction) {
    PlatformUnit<T> unit =
        new PlatformUnit<>(
            pool,
            vertx.getOrCreateContext(),
            work,
            transaction,
            System.nanoTime() + unitTimeout.toNanos());
    pool.lease(unit);
    return unit.future();
  }

  /** Closes the connections; units that still run fail. */
  public Future<Void> close() {
    return pool.close();
  }
}
