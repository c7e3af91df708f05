package io.portcullis.operate;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.AuditTail.Line;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators do over HTTP, on the management listener: all of it on one screen. Each request is
 * proved by a Bearer token and its role first; every answer that is none is a problem document.
 */
public final class AdminApi {
  /** A longer body is refused unread. */
  static final int MAX_BODY_BYTES = 16 * 1024;

  private static final Logger log = LoggerFactory.getLogger(AdminApi.class);
  private static final Set<String> OPERATORS = Set.of("operator");
  private static final Set<String> READERS = Set.of("operator", "auditor");

  private final AdminGate gate;
  private final AdminAudit audit;
  private final AdminRevocations revocations;
  private final AdminSessions sessions;
  private final NoArgGenerator ids = Generators.timeBasedEpochGenerator();

  /**
   * With the parts that it operates.
   *
   * @param authenticate proves a caller by the values of {@code Authorization}
   * @param level how strongly people must have proved who they are; 0 asks nothing
   * @param failures counts refused requests per address
   * @param trail records an event; done when it is durable
   * @param history what the trail knows of the request with this id
   * @param tenants the tenant of this name or id
   * @param issuers the address of the issuer of this name or address
   */
  public AdminApi(
      Function<List<String>, Future<Caller>> authenticate,
      int level,
      RateLimiter failures,
      Function<AuditEvent, Future<Void>> trail,
      Function<String, Future<List<Line>>> history,
      RevocationAdmin revocations,
      SessionAdmin sessions,
      Function<String, Optional<Tenant>> tenants,
      Function<String, Optional<String>> issuers,
      Clock clock) {
    this.gate = new AdminGate(authenticate, level, failures, trail, new AuditEvents(clock));
    this.audit = new AdminAudit(history);
    this.revocations = new AdminRevocations(gate, revocations, tenants, issuers, clock);
    this.sessions = new AdminSessions(gate, sessions);
  }

  /** Adds its paths. */
  void mount(Router router) {
    router.route("/admin/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    add(router, HttpMethod.GET, "/admin/v1/audit", READERS, audit::ofRequest);
    add(router, HttpMethod.GET, "/admin/v1/revocations", OPERATORS, revocations::list);
    add(router, HttpMethod.POST, "/admin/v1/revocations", OPERATORS, revocations::revoke);
    add(router, HttpMethod.GET, "/admin/v1/sessions", OPERATORS, sessions::list);
    add(router, HttpMethod.DELETE, "/admin/v1/sessions/:id", OPERATORS, sessions::end);
    // Who asks for what is not there is proved as well: paths are nobody else's business.
    router
        .route("/admin/*")
        .handler(context -> serve(context, OPERATORS, unknown -> Future.failedFuture(unknown())))
        .failureHandler(this::failed);
  }

  /** An operation; what it throws it also refuses. */
  private interface Action {
    Future<AdminAnswer> run(Operation operation);
  }

  private void add(
      Router router, HttpMethod method, String path, Set<String> roles, Action action) {
    router.route(method, path).handler(context -> serve(context, roles, action));
  }

  private void serve(RoutingContext context, Set<String> roles, Action action) {
    Operation operation = new Operation(context, ids.generate().toString());
    gate.admit(operation, roles)
        .compose(admitted -> action.run(operation))
        .onComplete(
            answer -> {
              if (!operation.isAnswered()) {
                operation.answer(answer);
              }
            },
            failure -> refuse(operation, failure));
  }

  private static Rejection unknown() {
    return Rejection.of(Problem.NOT_FOUND, "route-unknown", "There is nothing at this path.");
  }

  /** The body was too large, or could not be read. */
  private void failed(RoutingContext context) {
    Operation operation = new Operation(context, ids.generate().toString());
    refuse(
        operation,
        context.statusCode() == 413
            ? Rejection.of(
                Problem.PAYLOAD_TOO_LARGE, "body-too-large", "The request body is too large.")
            : context.statusCode() >= 400 && context.statusCode() < 500
                ? Operation.invalid("The request cannot be read.")
                : context.failure());
  }

  private static void refuse(Operation operation, Throwable failure) {
    if (operation.isAnswered()) {
      return;
    }
    if (failure instanceof Rejection rejection) {
      operation.refuse(rejection);
      return;
    }
    log.atError()
        .addKeyValue("event.action", "admin.failed")
        .addKeyValue("http.request.id", operation.id())
        .setCause(failure)
        .log("an operation failed by our own mistake");
    operation.refuse(
        Rejection.of(Problem.INTERNAL, "internal", "Something went wrong on our side."));
  }
}
