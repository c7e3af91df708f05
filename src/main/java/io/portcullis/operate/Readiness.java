package io.portcullis.operate;

import io.portcullis.operate.Dependency.Health;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.healthchecks.CheckResult;
import io.vertx.ext.healthchecks.HealthChecks;
import io.vertx.ext.healthchecks.Status;
import java.util.List;
import java.util.Locale;

/**
 * Whether this node is alive, started and ready.
 *
 * <p>Ready means: worth sending requests to. An outage that every node shares (PostgreSQL, Redis)
 * leaves a node ready and <em>degraded</em>, because taking all nodes out would turn an outage of a
 * part into an outage of everything. A node that is starting, draining, or can prove nobody's
 * identity or record nothing is not ready.
 */
public final class Readiness {
  private final HealthChecks checks;
  private volatile Phase phase = Phase.STARTING;

  /** Watches the given dependencies. */
  public Readiness(Vertx vertx, List<Dependency> dependencies) {
    checks = HealthChecks.create(vertx);
    for (Dependency dependency : dependencies) {
      checks.register(dependency.name(), 500, promise -> promise.complete(status(dependency)));
    }
  }

  /** Every verticle is deployed and the listener is open. */
  public void started() {
    phase = Phase.STARTED;
  }

  /** No further request is wanted; those in flight are finished. */
  public void draining() {
    phase = Phase.DRAINING;
  }

  boolean hasStarted() {
    return phase != Phase.STARTING;
  }

  /** The whole picture: {@code status} is {@code up}, {@code degraded} or {@code down}. */
  Future<JsonObject> ready() {
    return checks.checkStatus().map(this::report);
  }

  private JsonObject report(CheckResult result) {
    JsonObject dependencies = new JsonObject();
    Health worst = Health.UP;
    for (CheckResult check : result.getChecks()) {
      JsonObject data = check.getData() == null ? new JsonObject() : check.getData().copy();
      // A check without an answer of its own did not answer in time.
      Health health = Health.valueOf(data.getString("health", Health.DOWN.name()));
      data.remove("health");
      dependencies.put(check.getId(), new JsonObject().put("status", lower(health)).mergeIn(data));
      worst = health.compareTo(worst) > 0 ? health : worst;
    }
    Health overall = phase == Phase.STARTED ? worst : Health.DOWN;
    return new JsonObject()
        .put("status", lower(overall))
        .put("phase", phase.name().toLowerCase(Locale.ROOT))
        .put("dependencies", dependencies);
  }

  private static Status status(Dependency dependency) {
    Dependency.State state = dependency.state().get();
    JsonObject data =
        new JsonObject().put("health", state.health().name()).put("mode", state.mode());
    state.facts().forEach(data::put);
    return state.health() == Health.DOWN ? Status.KO(data) : Status.OK(data);
  }

  private static String lower(Health health) {
    return health.name().toLowerCase(Locale.ROOT);
  }

  private enum Phase {
    STARTING,
    STARTED,
    DRAINING
  }
}
