package io.portcullis;

import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.AuditTrail;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.waf.WafBlock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the firewall refused, as events of the platform's own trail: nobody was proved to have sent
 * it. Recorded beside the traffic; a lost one is counted by the trail.
 */
final class FirewallTrail implements Consumer<WafBlock> {
  private static final Logger log = LoggerFactory.getLogger(FirewallTrail.class);

  private final AuditTrail trail;
  private final AuditEvents events;

  FirewallTrail(AuditTrail trail, AuditEvents events) {
    this.trail = trail;
    this.events = events;
  }

  @Override
  public void accept(WafBlock block) {
    trail
        .record(event(block))
        .onFailure(
            lost ->
                log.atWarn()
                    .addKeyValue("event.action", "audit.record")
                    .log("a refusal of the firewall was not recorded"));
  }

  private AuditEvent event(WafBlock block) {
    return events.normal(
        "waf.blocked",
        Optional.empty(),
        "anonymous",
        Outcome.REFUSED,
        block.group(),
        block.requestId(),
        Map.of(
            "client", block.client(),
            "method", block.method(),
            "path", block.path(),
            "rules", block.rules().toString(),
            "score", Integer.toString(block.score()),
            "unrecorded", Long.toString(block.unrecorded())));
  }
}
