package io.portcullis.tenant;

import io.portcullis.config.PostgresConfig;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the registry fresh and the schemas at this build's version. One per node, on a virtual
 * thread, because migrations block.
 *
 * <p>It asks one cheap question all the time: has anything changed? That is the safety net under
 * the notifications, and the node's knowledge of whether PostgreSQL is there. The start does not
 * depend on PostgreSQL: the registry is then simply not loaded yet.
 */
public final class TenantVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(TenantVerticle.class);
  private static final long INTERVAL_MILLIS = 1_000;
  private static final long MIGRATION_RETRY_MILLIS = 30_000;
  private static final String PROBE =
      "SELECT (SELECT count(*) FROM platform.tenant),"
          + " (SELECT max(updated_at) FROM platform.tenant),"
          + " (SELECT min(schema_version) FROM platform.tenant WHERE state <> 'creating'),"
          + " (SELECT max(version::int) FROM platform.flyway_schema_history WHERE success)";
  private static final String LOAD =
      "SELECT id, name, organization, state, token_binding FROM platform.tenant"
          + " WHERE state <> 'creating'";

  private record Fingerprint(Object count, @Nullable Object updatedAt) {}

  private final PlatformDatabase database;
  private final TenantRegistry registry;
  private final Optional<TenantLifecycle> migrator;
  private final PostgresConfig config;
  private @Nullable TenantListener listener;
  private @Nullable Fingerprint last;
  private long migrateNotBeforeMillis;
  private boolean asking;
  private boolean askAgain;
  private boolean told;
  private boolean toldOld;

  /**
   * For {@link io.vertx.core.ThreadingModel#VIRTUAL_THREAD}. Migrates where the configuration has a
   * login for {@code pc_admin}; elsewhere schemas that are missing or old are only reported.
   */
  public TenantVerticle(PostgresConfig config, PlatformDatabase database, Clock clock) {
    this.config = config;
    this.database = database;
    this.registry = new TenantRegistry(clock);
    this.migrator =
        config.admin().user().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new TenantLifecycle(
                    config,
                    (tenant, request) -> {
                      throw new IllegalStateException("this node makes no tenants");
                    }));
  }

  /** What this verticle keeps fresh; for any thread. */
  public TenantRegistry registry() {
    return registry;
  }

  /** How the registry and its database are; for any thread. */
  public TenantStatus status() {
    return registry.status();
  }

  /** Done after the first attempt to read the registry, whether that succeeded or not. */
  @Override
  public Future<?> start() {
    TenantListener started = new TenantListener(vertx, config, this::ask);
    listener = started;
    vertx.setPeriodic(INTERVAL_MILLIS, ignored -> ask());
    asking = true;
    return refresh().transform(this::answered);
  }

  @Override
  public Future<?> stop() {
    Objects.requireNonNull(listener).close();
    return Future.succeededFuture();
  }

  private void ask() {
    if (asking) {
      askAgain = true;
      return;
    }
    asking = true;
    refresh().transform(this::answered);
  }

  private Future<Void> answered(@Nullable Void result, @Nullable Throwable failure) {
    asking = false;
    TenantListener present = Objects.requireNonNull(listener);
    if (failure == null) {
      registry.answered();
      present.ensure();
    } else {
      boolean news = registry.status().reachable() || !told;
      told = true;
      registry.unanswered();
      if (news) {
        LOG.atWarn()
            .addKeyValue("event.action", "tenant.registry.unavailable")
            .addKeyValue("error.message", failure.getMessage())
            .log("the registry of tenants cannot be read");
      }
    }
    registry.listening(present.isListening());
    if (askAgain) {
      askAgain = false;
      vertx.runOnContext(ignored -> ask());
    }
    return Future.succeededFuture();
  }

  private Future<Void> refresh() {
    return database
        .query(PROBE)
        .recover(
            failure ->
                isMissing(failure) && migrate()
                    ? database.query(PROBE)
                    : Future.failedFuture(failure))
        .compose(rows -> examine(rows.getFirst()));
  }

  private Future<Void> examine(@Nullable Object[] probe) {
    Fingerprint now = new Fingerprint(Objects.requireNonNull(probe[0]), probe[1]);
    boolean old =
        isBelow(probe[3], Migrations.PLATFORM_VERSION)
            || (probe[2] != null && isBelow(probe[2], Migrations.TENANT_VERSION));
    if (old) {
      migrate();
    }
    if (old && migrator.isEmpty() && !toldOld) {
      LOG.atWarn()
          .addKeyValue("event.action", "platform.schemas.old")
          .log("the schemas are older than this node, which may not migrate: tenant migrate does");
    }
    toldOld = old;
    if (now.equals(last)) {
      return Future.succeededFuture();
    }
    return database
        .query(LOAD)
        .map(
            rows -> {
              registry.publish(TenantSnapshot.of(tenants(rows)));
              last = now;
              LOG.atInfo()
                  .addKeyValue("event.action", "tenant.registry.loaded")
                  .addKeyValue("portcullis.tenants", rows.size())
                  .log("registry of tenants read");
              return null;
            });
  }

  /** Blocks this virtual thread. Not tried again at once: a broken script stays broken. */
  private boolean migrate() {
    long now = System.currentTimeMillis();
    if (migrator.isEmpty() || now < migrateNotBeforeMillis) {
      return false;
    }
    migrateNotBeforeMillis = now + MIGRATION_RETRY_MILLIS;
    try {
      migrator.get().migratePlatform();
      migrator.get().migrateTenants();
      return true;
    } catch (TenantLifecycleException e) {
      LOG.atError()
          .addKeyValue("event.action", "platform.migration.failed")
          .setCause(e)
          .log("the platform's schemas could not be migrated");
      return false;
    }
  }

  private static boolean isBelow(@Nullable Object version, int wanted) {
    return !(version instanceof Number number) || number.intValue() < wanted;
  }

  /** The tables are not there, or not yet granted. */
  private static boolean isMissing(Throwable failure) {
    return failure instanceof TenantSessionException sql
        && (sql.sqlState().equals("42P01")
            || sql.sqlState().equals("3F000")
            || sql.sqlState().equals("42501"));
  }

  private static List<Tenant> tenants(List<@Nullable Object[]> rows) {
    List<Tenant> tenants = new ArrayList<>(rows.size());
    for (@Nullable Object[] row : rows) {
      tenants.add(
          new Tenant(
              new TenantId(text(row[0])),
              text(row[1]),
              text(row[2]),
              text(row[3]).equals("active") ? Tenant.State.ACTIVE : Tenant.State.SUSPENDED,
              TokenBinding.labelled(text(row[4])).orElseThrow()));
    }
    return tenants;
  }

  private static String text(@Nullable Object value) {
    return (String) Objects.requireNonNull(value);
  }
}
