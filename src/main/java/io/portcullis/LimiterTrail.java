package io.portcullis;

import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.AuditTrail;
import io.portcullis.limit.LimitModeListener;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Decision;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down when limits begin to be decided somewhere else. */
final class LimiterTrail implements LimitModeListener {
  private static final Logger log = LoggerFactory.getLogger(LimiterTrail.class);

  private final AuditTrail trail;
  private final AuditEvents events;

  LimiterTrail(AuditTrail trail, AuditEvents events) {
    this.trail = trail;
    this.events = events;
  }

  @Override
  public void changed(Decision.Mode from, Decision.Mode to, String reason) {
    Outcome outcome = to == Decision.Mode.REDIS ? Outcome.SUCCESS : Outcome.FAILURE;
    Future<Void> unawaited =
        trail.record(
            events.normal(
                "limiter.mode",
                Optional.empty(),
                "limiter",
                outcome,
                reason,
                "",
                Map.of("from", from.name(), "to", to.name())));
    unawaited.onFailure(
        lost ->
            log.atWarn()
                .addKeyValue("event.action", "audit.record")
                .log("a change of the limiter's mode was not recorded"));
  }
}
