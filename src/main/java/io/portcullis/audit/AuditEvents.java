package io.portcullis.audit;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes events: a time-ordered id (UUIDv7) and the time to the microsecond, which is what the
 * database keeps. Safe on every thread.
 */
public final class AuditEvents {
  private final Clock clock;
  private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();

  /** With the clock that dates the events. */
  public AuditEvents(Clock clock) {
    this.clock = clock;
  }

  /** An event whose request waits until it is durable. Parameters as in {@link AuditEvent}. */
  public AuditEvent critical(
      String type,
      Optional<TenantId> tenant,
      String actor,
      Outcome outcome,
      String reason,
      String requestId,
      Map<String, String> details) {
    return event(type, Weight.CRITICAL, tenant, actor, outcome, reason, requestId, details);
  }

  /** An event recorded beside the answer. Parameters as in {@link AuditEvent}. */
  public AuditEvent normal(
      String type,
      Optional<TenantId> tenant,
      String actor,
      Outcome outcome,
      String reason,
      String requestId,
      Map<String, String> details) {
    return event(type, Weight.NORMAL, tenant, actor, outcome, reason, requestId, details);
  }

  /** A critical event of the platform's own trail that no request caused. */
  AuditEvent ofNode(
      String type, String node, Outcome outcome, String reason, Map<String, String> details) {
    return critical(type, Optional.empty(), "node:" + node, outcome, reason, "", details);
  }

  private AuditEvent event(
      String type,
      Weight weight,
      Optional<TenantId> tenant,
      String actor,
      Outcome outcome,
      String reason,
      String requestId,
      Map<String, String> details) {
    return new AuditEvent(
        ids.generate(),
        now(),
        type,
        weight,
        tenant,
        actor,
        outcome,
        reason,
        requestId,
        new TreeMap<>(details));
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
