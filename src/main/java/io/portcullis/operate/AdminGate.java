package io.portcullis.operate;

import io.portcullis.audit.AuditEvents;
import io.portcullis.limit.Admission;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Decision;
import io.portcullis.model.Level;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TokenBinding;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Who may operate: a Bearer token with one of the roles, and of a person's one that says a high
 * enough level: that an identity provider asks for second factors does not mean that it asked for
 * this one's. Service accounts have no level. A refusal is an audit event, durable before it is
 * answered, and counts for its address: whoever tries too often is answered 429 and leaves one
 * event for the window.
 */
final class AdminGate {
  /** Any other is a text of the caller's, which no trail keeps. */
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9/_-]{1,127}");

  private final Function<List<String>, Future<Caller>> authenticate;
  private final int level;
  private final RateLimiter failures;
  private final Function<AuditEvent, Future<Void>> audit;
  private final AuditEvents events;

  AdminGate(
      Function<List<String>, Future<Caller>> authenticate,
      int level,
      RateLimiter failures,
      Function<AuditEvent, Future<Void>> audit,
      AuditEvents events) {
    this.authenticate = authenticate;
    this.level = level;
    this.failures = failures;
    this.audit = audit;
    this.events = events;
  }

  /** Succeeds when the operation's caller is proved and has one of these roles. */
  Future<Void> admit(Operation operation, Set<String> roles) {
    return authenticate
        .apply(operation.authorization())
        .compose(caller -> check(operation, caller, roles))
        .recover(failure -> refuse(operation, failure));
  }

  private Future<Void> check(Operation operation, Caller caller, Set<String> roles) {
    operation.by(caller);
    if (Collections.disjoint(roles, caller.roles())) {
      String needed = String.join(", ", roles.stream().sorted().toList());
      return Future.failedFuture(
          Rejection.of(
                  Problem.FORBIDDEN, "role-missing", "This needs one of the roles " + needed + ".")
              .with("required_roles", needed));
    }
    Optional<TokenBinding> unmet =
        caller.tenant().map(Tenant::tokenBinding).filter(b -> !b.isMetBy(caller.credential()));
    if (unmet.isPresent()) {
      String demanded = unmet.get().label();
      return Future.failedFuture(
          Rejection.of(
                  Problem.UNAUTHENTICATED,
                  "binding-" + demanded,
                  "The tenant asks for tokens bound to a key.")
              .with("token_binding", demanded));
    }
    return reachesLevel(caller.credential())
        ? Future.succeededFuture()
        : Future.failedFuture(
            Rejection.of(
                    Problem.FORBIDDEN, "level-missing", "This needs a stronger authentication.")
                .with("required_level", Integer.toString(level))
                .with("level", caller.credential().level()));
  }

  /** A credential of no session and no level is a service's. */
  private boolean reachesLevel(Credential credential) {
    return level == 0
        || (credential.level().isEmpty() && credential.session().isEmpty())
        || Level.reaches(credential.level(), Integer.toString(level));
  }

  private Future<Void> refuse(Operation operation, Throwable failure) {
    boolean byPolicy =
        failure instanceof Rejection refusal
            && (refusal.problem().status() == 401 || refusal.problem().status() == 403);
    if (!byPolicy) {
      return Future.failedFuture(failure);
    }
    return failures
        .admit(new Admission(Admission.NO_GROUP, operation.address(), "", 1))
        .compose(decision -> refuse(operation, (Rejection) failure, decision));
  }

  private Future<Void> refuse(Operation operation, Rejection refusal, Decision decision) {
    if (decision.admitted()) {
      return audit.apply(event(operation, refusal)).compose(kept -> Future.failedFuture(refusal));
    }
    Rejection tooMany =
        Rejection.retryable(
            Problem.QUOTA_EXCEEDED,
            "limit-failed-authentication",
            "Too many refused requests from this address.",
            Duration.ofMillis(decision.retryAfterMillis()));
    return decision.first()
        ? audit.apply(event(operation, tooMany)).transform(kept -> Future.failedFuture(tooMany))
        : Future.failedFuture(tooMany);
  }

  private AuditEvent event(Operation operation, Rejection refusal) {
    Map<String, String> details = new TreeMap<>(refusal.facts());
    details.put("method", operation.method());
    details.put("path", PATH.matcher(operation.path()).matches() ? operation.path() : "(other)");
    details.put("client", operation.address());
    return events.critical(
        refusal.problem() == Problem.UNAUTHENTICATED
            ? "authentication.refused"
            : "authorization.refused",
        operation.caller().flatMap(Caller::tenant).map(Tenant::id),
        operation.actor(),
        Outcome.REFUSED,
        refusal.reason(),
        operation.id(),
        details);
  }

  /**
   * Does something that changes the platform: the trail has it before it is tried, and how it ended
   * before it is answered.
   */
  <T> Future<T> recorded(
      Operation operation, String type, Map<String, String> details, Change<T> change) {
    return record(operation, type, Outcome.REQUESTED, "", details)
        .compose(requested -> change.run())
        .transform(
            outcome -> {
              if (outcome.succeeded()) {
                return record(operation, type, Outcome.SUCCESS, "", details)
                    .map(recorded -> outcome.result());
              }
              String reason =
                  outcome.cause() instanceof Rejection rejection ? rejection.reason() : "internal";
              return record(operation, type, Outcome.FAILURE, reason, details)
                  .transform(recorded -> Future.failedFuture(outcome.cause()));
            });
  }

  /** Something that changes the platform. */
  interface Change<T> {
    Future<T> run();
  }

  private Future<Void> record(
      Operation operation,
      String type,
      Outcome outcome,
      String reason,
      Map<String, String> details) {
    return audit.apply(
        events.critical(
            type, Optional.empty(), operation.actor(), outcome, reason, operation.id(), details));
  }
}
