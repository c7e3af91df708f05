package io.portcullis;

import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.AuditTrail;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.waf.WafBlock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the firewall refused, as events of the platform's own trail: nobody was proved to have sent
 * it. Recorded beside the traffic; a lost one is counted by the trail.
 */
final class FirewallTrail implements Consumer<WafBlock> {
  private final AuditTrail trail;
  private final AuditEvents events;

  FirewallTrail(AuditTrail trail, AuditEvents events) {
    this.trail = trail;
    this.events = events;
  }

  @Override
  public void accept(WafBlock block) {
    var unawaited = trail.record(event(block));
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
