package io.portcullis.gateway;

import io.portcullis.audit.AuditEvents;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Caller;
import io.portcullis.model.Decision;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit events of the request path. Refusals by policy are awaited: the answer leaves after the
 * event is durable, and when it cannot be made durable the request is refused as 503 instead.
 * Exceeded limits are recorded beside the answer.
 */
final class SecurityEvents {
  private static final Logger log = LoggerFactory.getLogger(SecurityEvents.class);

  private final Function<AuditEvent, Future<Void>> audit;
  private final AuditEvents events;

  SecurityEvents(Function<AuditEvent, Future<Void>> audit, AuditEvents events) {
    this.audit = audit;
    this.events = events;
  }

  /**
   * A request was refused by policy. Without a proved caller the event belongs to the platform's
   * trail, else to the tenant's.
   */
  Future<Void> refused(Exchange exchange, Rejection refusal) {
    String type =
        switch (refusal.problem()) {
          case UNAUTHENTICATED -> "authentication.refused";
          case TENANT_MISMATCH -> "tenant.mismatch";
          default -> "authorization.refused";
        };
    String login = ofLogin(exchange);
    Map<String, String> details = details(exchange);
    details.putAll(refusal.facts());
    tell(exchange, refusal);
    return audit.apply(
        events.critical(
            login.isEmpty() ? type : login,
            tenant(exchange),
            actor(exchange),
            Outcome.REFUSED,
            refusal.reason(),
            exchange.id,
            details));
  }

  /** As many lines as events: whoever is refused too often is counted and not told of. */
  private static void tell(Exchange exchange, Rejection refusal) {
    log.atInfo()
        .addKeyValue("event.action", "request.refused")
        .addKeyValue("event.outcome", "failure")
        .addKeyValue("event.reason", refusal.reason())
        .addKeyValue("http.request.id", exchange.id)
        .addKeyValue("http.request.method", exchange.request.method().name())
        .addKeyValue("http.response.status_code", refusal.problem().status())
        .addKeyValue(
            "portcullis.route",
            exchange.matched().map(match -> match.route().config().name()).orElse("none"))
        .addKeyValue("portcullis.tenant", tenant(exchange).map(TenantId::value).orElse("none"))
        .log("a request was refused");
  }

  /** A limit was exceeded for the first time in its window. */
  void limitExceeded(Exchange exchange, Decision decision) {
    Decision.Limit violated = decision.limits().get(decision.violated());
    Map<String, String> details = details(exchange);
    details.put("limit", Long.toString(violated.quota()));
    beside("limit.exceeded", exchange, violated.policy(), details);
  }

  /** An answer that had begun was cut off. */
  void cutOff(Exchange exchange, Rejection refusal) {
    beside("answer.cut-off", exchange, refusal.reason(), details(exchange));
  }

  /** Recorded beside the answer. */
  private void beside(String type, Exchange exchange, String reason, Map<String, String> details) {
    Future<Void> unawaited =
        audit.apply(
            events.normal(
                type,
                tenant(exchange),
                actor(exchange),
                Outcome.REFUSED,
                reason,
                exchange.id,
                details));
    unawaited.onFailure(
        lost ->
            log.atWarn()
                .addKeyValue("event.action", "audit.record")
                .log("an event was not recorded"));
  }

  /** What is refused on the way in and out has names of its own. */
  private static String ofLogin(Exchange exchange) {
    String operation =
        exchange
            .matched()
            .map(match -> match.route().config().target())
            .map(target -> target instanceof Target.Local(String name) ? name : "")
            .orElse("");
    return switch (operation) {
      case "login", "callback" -> "login.refused";
      case "logout", "backchannel-logout" -> "logout.refused";
      default -> "";
    };
  }

  private static Optional<TenantId> tenant(Exchange exchange) {
    return exchange.caller().flatMap(Caller::tenant).map(Tenant::id);
  }

  private static String actor(Exchange exchange) {
    return exchange.caller().map(Caller::subject).orElse("anonymous");
  }

  private static Map<String, String> details(Exchange exchange) {
    Map<String, String> details = new TreeMap<>();
    details.put("method", exchange.request.method().name());
    details.put("client", exchange.clientAddress);
    exchange.matched().ifPresent(match -> details.put("route", match.route().config().name()));
    return details;
  }
}
