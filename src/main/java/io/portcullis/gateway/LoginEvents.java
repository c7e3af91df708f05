package io.portcullis.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.audit.AuditEvents;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Tenant;
import io.portcullis.session.BackChannel;
import io.portcullis.session.LoginFlow;
import io.portcullis.session.Session;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Logins and logouts for the audit trail, each durable before it is answered, and for the metrics.
 * Those that were refused are recorded where every refusal is.
 */
final class LoginEvents {
  private final Function<AuditEvent, Future<Void>> audit;
  private final AuditEvents events;
  private final Counter succeeded;
  private final Counter refused;
  private final Counter unavailable;
  private final Counter ended;

  LoginEvents(
      Function<AuditEvent, Future<Void>> audit, AuditEvents events, MeterRegistry registry) {
    this.audit = audit;
    this.events = events;
    this.succeeded = registry.counter("portcullis.logins", "result", "ok");
    this.refused = registry.counter("portcullis.logins", "result", "refused");
    this.unavailable = registry.counter("portcullis.logins", "result", "unavailable");
    this.ended = registry.counter("portcullis.logouts");
  }

  Future<Void> loggedIn(Exchange exchange, LoginFlow.Done done) {
    Session session = done.session().session();
    Map<String, String> details = details(exchange, session);
    details.put("level", session.level());
    return audit
        .apply(
            events.critical(
                "login",
                done.caller().tenant().map(Tenant::id),
                session.subject(),
                Outcome.SUCCESS,
                "",
                exchange.id,
                details))
        .onSuccess(kept -> succeeded.increment());
  }

  /** A login came to nothing. */
  void failed(boolean byPolicy) {
    (byPolicy ? refused : unavailable).increment();
  }

  Future<Void> loggedOut(Exchange exchange, Session session) {
    return audit
        .apply(
            events.critical(
                "logout",
                Optional.empty(),
                session.subject(),
                Outcome.SUCCESS,
                "asked-for",
                exchange.id,
                details(exchange, session)))
        .onSuccess(kept -> ended.increment());
  }

  Future<Void> backChannel(Exchange exchange, BackChannel.Over over) {
    Map<String, String> details = new TreeMap<>();
    details.put("client", exchange.clientAddress);
    details.put("sessions", Integer.toString(over.sessions()));
    if (!over.logout().session().isEmpty()) {
      details.put("provider_session", over.logout().session());
    }
    String subject = over.logout().subject();
    return audit
        .apply(
            events.critical(
                "logout",
                Optional.empty(),
                subject.isEmpty() ? "unknown" : subject,
                Outcome.SUCCESS,
                "back-channel",
                exchange.id,
                details))
        .onSuccess(kept -> ended.increment());
  }

  private static Map<String, String> details(Exchange exchange, Session session) {
    Map<String, String> details = new TreeMap<>();
    details.put("client", exchange.clientAddress);
    details.put("session", session.id());
    if (!session.tenant().isEmpty()) {
      details.put("organization", session.tenant());
    }
    return details;
  }
}
