package io.portcullis.gateway;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.Caller;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import com.fasterxml.uuid.Generators;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The audit events of the request path. Refusals by policy are awaited: the answer leaves after the event is durable,
 * and when it cannot be made durable the request is refused as 503 instead. Exceeded limits are recorded beside the
 * answer.
 */
final class SecurityEvents {
  private final Function<AuditEvent, Future<Void>> audit;
  private final Clock clock;

  SecurityEvents(Function<AuditEvent, Future<Void>> audit, Clock clock) {
    this.audit = audit;
    this.clock = clock;
  }

  /** A credential was missing or did not hold. Nobody is proved, so it belongs to the platform's trail. */
  Future<Void> authenticationRefused(Exchange exchange, Rejection refusal) {
    return audit.apply(
        event(exchange, "authentication.refused", Weight.CRITICAL, Outcome.REFUSED, refusal.reason(), Map.of()));
  }

  /** The caller is known and may not do this. */
  Future<Void> authorizationRefused(Exchange exchange, Rejection refusal) {
    if (refusal.problem().status() != 403) {
      return Future.succeededFuture();
    }
    String type =
        refusal.problem() == Problem.TENANT_MISMATCH ? "tenant.mismatch" : "authorization.refused";
    return audit.apply(
        event(exchange, type, Weight.CRITICAL, Outcome.REFUSED, refusal.reason(), Map.of()));
  }

  /** A limit was exceeded for the first time in its window. */
  void limitExceeded(Exchange exchange, Decision decision) {
    Decision.Limit violated = decision.limits().get(decision.violated());
    Map<String, String> details =
        Map.of("policy", violated.policy(), "limit", Long.toString(violated.quota()));
    audit.apply(
        event(exchange, "limit.exceeded", Weight.NORMAL, Outcome.REFUSED, violated.policy(), details));
  }

  private AuditEvent event(
      Exchange exchange,
      String type,
      Weight weight,
      Outcome outcome,
      String reason,
      Map<String, String> more) {
    Optional<Caller> caller = exchange.caller();
    Optional<TenantId> tenant = caller.flatMap(Caller::tenant).map(Tenant::id);
    Map<String, String> details = new TreeMap<>(more);
    details.put("method", exchange.request.method().name());
    exchange.matched().ifPresent(match -> details.put("route", match.route().config().name()));
    details.put("client", exchange.clientAddress);
    return new AuditEvent(
        Generators.timeBasedEpochGenerator().generate(),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        type,
        weight,
        tenant,
        caller.map(Caller::subject).orElse("anonymous"),
        outcome,
        reason,
        exchange.id,
        AuditEvent.details(details));
  }
}
