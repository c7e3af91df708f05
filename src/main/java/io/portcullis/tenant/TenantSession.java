package io.portcullis.tenant;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.portcullis.config.PostgresConfig;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The only door to the tenants' data: one unit of work, as one tenant, in one round trip.
 *
 * <p>The pool logs in as a role that owns nothing, inherits nothing and sees nothing. A unit is one
 * leased connection on which everything is sent at once: {@code BEGIN; SET LOCAL ROLE …} as one
 * message, the prepared statements, {@code COMMIT}. If the role cannot be taken, the transaction is
 * aborted and no statement runs as anybody; when the transaction ends, so does the role. A unit has
 * succeeded if every single answer was a success: COMMIT alone proves nothing, since PostgreSQL
 * answers it without an error when it rolls an aborted transaction back.
 *
 * <p>Thread-safe. The future completes on the caller's context.
 */
public final class TenantSession {
  private static final int DEFAULT_CHECK_EVERY = 1_000;

  private final VertxInternal vertx;
  private final BackendPool pool;
  private final Duration unitTimeout;
  private final String prefixEnd;
  private final int checkEvery;
  private final Timer succeeded;
  private final Timer failed;
  private final Counter violations;
  private final AtomicLong units = new AtomicLong();

  /** As many entries as there are tenants, which the registry bounds. */
  private final ConcurrentHashMap<TenantId, String> readPrefixes = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<TenantId, String> writePrefixes = new ConcurrentHashMap<>();

  /** A session with its own connections; opens none before the first unit. */
  public TenantSession(Vertx vertx, PostgresConfig config, MeterRegistry registry) {
    this(vertx, config, registry, DEFAULT_CHECK_EVERY);
  }

  TenantSession(Vertx vertx, PostgresConfig config, MeterRegistry registry, int checkEvery) {
    this.vertx = (VertxInternal) vertx;
    this.pool =
        new BackendPool(
            vertx,
            PgArguments.options(config, config.app(), "portcullis"),
            new BackendPool.Bounds(
                config.poolSize(),
                config.maxWaiting(),
                config.connectTimeout(),
                config.maxLifetime()));
    this.unitTimeout = config.unitTimeout();
    this.prefixEnd = "; SET LOCAL statement_timeout = " + config.statementTimeout().toMillis();
    this.checkEvery = checkEvery;
    this.succeeded = timer(registry, "success");
    this.failed = timer(registry, "failure");
    this.violations =
        Counter.builder("portcullis.tenant.isolation.violation")
            .description("Units that ran as another role than their tenant's; must stay 0")
            .register(registry);
  }

  private static Timer timer(MeterRegistry registry, String outcome) {
    return Timer.builder("portcullis.tenant.session")
        .description("Units of work, from the call to the answer")
        .tag("outcome", outcome)
        .register(registry);
  }

  /**
   * Runs these statements as this tenant, all or nothing.
   *
   * <p>Fails with a {@link io.portcullis.model.Rejection}: 503 {@code dependency-unavailable} when
   * PostgreSQL is away, is too slow or stops while it works (a write may then have happened), 503
   * {@code overloaded} when too much waits already, 403 {@code tenant-suspended} when the database
   * does not let requests become this tenant. Fails with a {@link TenantSessionException} when a
   * statement was refused; nothing has happened then.
   *
   * @return the result of each statement, in their order
   */
  public Future<List<Rows>> run(TenantId tenant, Access access, Statement... statements) {
    if (statements.length == 0) {
      throw new IllegalArgumentException("a unit of work has at least one statement");
    }
    return start(tenant, access, List.of(statements));
  }

  private Future<List<Rows>> start(TenantId tenant, Access access, List<Statement> statements) {
    long startNanos = System.nanoTime();
    boolean check = units.incrementAndGet() % checkEvery == 0;
    TenantUnit unit =
        new TenantUnit(
            pool,
            vertx.getOrCreateContext(),
            tenant.role(),
            prefix(tenant, access),
            statements,
            check,
            startNanos + unitTimeout.toNanos(),
            violations);
    pool.lease(unit);
    return unit.future()
        .onComplete(
            result ->
                (result.succeeded() ? succeeded : failed)
                    .record(Duration.ofNanos(System.nanoTime() - startNanos)));
  }

  /** Closes the connections; units that still run fail. */
  public Future<Void> close() {
    return pool.close();
  }

  /** Connections open or being opened. */
  int connections() {
    return pool.open();
  }

  private String prefix(TenantId tenant, Access access) {
    ConcurrentHashMap<TenantId, String> prefixes =
        access == Access.READ ? readPrefixes : writePrefixes;
    String known = prefixes.get(tenant);
    return known != null
        ? known
        : prefixes.computeIfAbsent(
            tenant,
            id ->
                access.begin()
                    + "; SET LOCAL ROLE "
                    + id.role()
                    + "; SET LOCAL search_path = "
                    + path(id.role())
                    + prefixEnd);
  }

  /** Named last, pg_temp cannot stand in front of the tenant's tables, as it would unnamed. */
  static String path(String role) {
    return role + ", pg_temp";
  }
}
