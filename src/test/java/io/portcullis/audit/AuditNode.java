package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.await;
import static io.portcullis.audit.JournalFixture.until;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.NodeConfig;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;

/** A node as far as the trail goes. */
record AuditNode(Vertx vertx, AuditTrail trail, AuditVerticle verticle) {
  /** Whose journal is in that folder. */
  static AuditNode start(Vertx vertx, String name, Path state, ChainDatabase database) {
    AuditTrail trail = new AuditTrail(vertx, JournalFixture.config(), new SimpleMeterRegistry());
    AuditVerticle verticle =
        new AuditVerticle(
            trail,
            new NodeConfig(name, "test", state),
            JournalFixture.config(),
            database,
            Clock.systemUTC());
    await(
        vertx.deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    return new AuditNode(vertx, trail, verticle);
  }

  void untilChained() {
    until("chained", () -> verticle.status().backlogBytes() == 0);
  }

  void stop() {
    await(vertx.close());
  }
}
