package io.portcullis.command;

import io.portcullis.ChainAdapter;
import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.DirectTrail;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.TokenBinding;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.tenant.TenantEvents;
import io.portcullis.tenant.TenantLifecycleException;
import io.portcullis.tenant.TenantRecord;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a command does to the platform, written into the platform's chain before it is said to
 * anybody. A command needs the database anyway, so it has no journal: when the event cannot be
 * written, the command fails.
 */
final class CommandTrail implements TenantEvents {
  private static final long LIMIT_SECONDS = 20;

  private final PortcullisConfig config;
  private final String actor;

  /**
   * @param actor who acts, e.g. {@code command:tenant}
   */
  CommandTrail(PortcullisConfig config, String actor) {
    this.config = config;
    this.actor = actor;
  }

  @Override
  public void created(TenantRecord tenant, String requestId) {
    record(
        "tenant.created",
        Outcome.SUCCESS,
        requestId,
        Map.of(
            "tenant",
            tenant.id().value(),
            "name",
            tenant.name(),
            "organization",
            tenant.organization(),
            "token_binding",
            tenant.tokenBinding().label()));
  }

  @Override
  public void bindingChanged(TenantRecord tenant, TokenBinding after, String requestId) {
    record(
        "tenant.changed",
        Outcome.SUCCESS,
        requestId,
        Map.of(
            "tenant",
            tenant.id().value(),
            "name",
            tenant.name(),
            "token_binding",
            after.label(),
            "token_binding_before",
            tenant.tokenBinding().label()));
  }

  /** Records what the command does; returns when it is durable. */
  void record(String type, Outcome outcome, String requestId, Map<String, String> details) {
    Vertx vertx = Vertx.vertx();
    try {
      PlatformDatabase platform = new PlatformDatabase(vertx, config.postgres());
      AuditEvents events = new AuditEvents(Clock.systemUTC());
      new DirectTrail(new ChainAdapter(platform), actor, Clock.systemUTC())
          .record(events.critical(type, Optional.empty(), actor, outcome, "", requestId, details))
          .toCompletionStage()
          .toCompletableFuture()
          .get(LIMIT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new TenantLifecycleException("the audit trail cannot be written: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TenantLifecycleException("interrupted while writing the audit trail");
    } finally {
      vertx.close();
    }
  }
}
