package io.portcullis.gateway;

import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.limit.Admission;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.Caller;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.portcullis.service.ServiceBus;
import io.portcullis.tls.Certificates;
import io.portcullis.tls.Peer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The life of one request, on one screen: route, identify, authorise, limit, serve. Each step
 * either hands the exchange on or fails with the {@link Rejection} that {@link #serve} turns into
 * the answer; there is no way back and no way around. A preflight ends before the first of them.
 *
 * <p>Runs on the event loop of the request's connection. One per gateway instance.
 */
final class RequestPath {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final List<String> PASSED_TO_SERVICES =
      List.of("content-type", "accept", "idempotency-key");

  private final Door door;
  private final Cors cors;
  private final Preflights preflights;
  private final Identification identification;
  private final Refusals refusals;
  private final Authorizer authorizer;
  private final RateLimiter limiter;
  private final SecurityEvents events;
  private final LocalOperations local;
  private final AuthOperations auth;
  private final ServiceBus services;
  private final Forwarder forwarder;
  private final long maxBodyBytes;
  private final Certificates certificates;
  private final Predicate<Caller> revoked;
  private final EndedSessions ended;
  private final Clock clock;

  RequestPath(GatewayParts parts, Door door, Forwarder forwarder, EndedSessions ended) {
    this.door = door;
    this.refusals = new Refusals(parts.failedAuthentications(), parts.events());
    this.cors = parts.cors(door);
    this.preflights =
        new Preflights(cors, door.routes(), parts.preflights(), refusals, parts.events());
    Csrf csrf =
        new Csrf(parts.http().publicUrl().map(URI::toString).orElse(""), cors::admitsCookies);
    this.identification =
        new Identification(
            door,
            parts.holders(),
            new SessionCaller(parts.login(), parts.tokens(), parts.revoked(), csrf),
            refusals);
    this.auth =
        new AuthOperations(parts.login(), csrf, refusals, parts.loginEvents(), parts.clock());
    this.authorizer = parts.authorizer();
    this.limiter = parts.limiter();
    this.events = parts.events();
    this.local = parts.local();
    this.services = parts.services();
    this.forwarder = forwarder;
    this.maxBodyBytes = parts.http().maxBodyBytes();
    this.certificates = parts.certificates();
    this.revoked = parts.revoked();
    this.ended = ended;
    this.clock = parts.clock();
  }

  /** Completes when the request is answered; fails with what has to be answered. */
  Future<Void> serve(Exchange exchange) {
    try {
      welcome(exchange);
      if (cors.isPreflight(exchange.request)) {
        return preflights.answer(exchange);
      }
      if (!route(exchange)) {
        return refusals.refuseService(exchange, unknown());
      }
      RouteConfig route = exchange.match().route().config();
      if (route.access() == Access.PUBLIC) {
        return dispatch(exchange, route);
      }
      return identification
          .of(exchange)
          .compose(caller -> authorize(exchange, caller))
          .compose(caller -> limit(exchange, caller, route))
          .compose(admitted -> dispatch(exchange, route));
    } catch (RuntimeException refused) {
      return Future.failedFuture(refused);
    }
  }

  /**
   * The caller's access was taken back since it was proved. Always fails: before the answer has
   * begun once the trail has it, and at once when it has, because then every moment tells more.
   */
  Future<Void> takenBack(Exchange exchange) {
    boolean revokes = exchange.session().isEmpty() || exchange.caller().filter(revoked).isPresent();
    Rejection refusal = revokes ? tokenRevoked() : sessionEnded();
    if (exchange.isOver()) {
      events.cutOff(exchange, refusal);
      return Future.failedFuture(refusal);
    }
    return refusals.refuse(exchange, refusal);
  }

  private static Rejection tokenRevoked() {
    return Rejection.of(Problem.UNAUTHENTICATED, "token-revoked", "The access token was revoked.");
  }

  private static Rejection sessionEnded() {
    return Rejection.of(
        Problem.UNAUTHENTICATED, "session-ended", "The session has ended. Log in again.");
  }

  /** What the connection itself proves. */
  private void welcome(Exchange exchange) {
    if (door.internal()) {
      Peer peer = exchange.peer().orElseThrow();
      exchange.proved(Services.caller(peer, door));
      exchange.provedBy(Evidence.CERTIFICATE);
      exchange.certificate(peer.thumbprint());
    } else if (door.proxied()) {
      ClientCertificate.thumbprint(exchange.request.headers(), certificates, clock.instant())
          .ifPresent(exchange::certificate);
    }
  }

  /** False for what a service asks that is not there; from outside that is a plain 404. */
  private boolean route(Exchange exchange) {
    try {
      exchange.matched(
          door.routes()
              .find(exchange.request.method().name(), RequestTarget.path(exchange.request.uri())));
      return true;
    } catch (Rejection refused) {
      if (door.internal() && refused.problem() == Problem.NOT_FOUND) {
        return false;
      }
      throw refused;
    }
  }

  private static Rejection unknown() {
    return Rejection.of(Problem.NOT_FOUND, "route-unknown", "There is nothing at this path.");
  }

  /** From here on it is looked at whenever something is taken back; so once more before that. */
  private Future<Caller> authorize(Exchange exchange, Caller caller) {
    exchange.proved(caller);
    if (!door.internal() && revoked.test(caller)) {
      return refusals.refuse(exchange, tokenRevoked());
    }
    if (exchange.session().filter(ended::has).isPresent()) {
      return refusals.refuse(exchange, sessionEnded());
    }
    try {
      authorizer.check(exchange, caller);
      return Future.succeededFuture(caller);
    } catch (Rejection refused) {
      return refusals.refuse(exchange, refused);
    }
  }

  private Future<Void> limit(Exchange exchange, Caller caller, RouteConfig route) {
    String group = caller.tenant().map(tenant -> tenant.id().value()).orElse(Admission.NO_GROUP);
    Admission admission =
        new Admission(group, exchange.clientAddress, caller.subject(), route.cost());
    return limiter
        .admit(admission)
        .compose(
            decision -> {
              exchange.decided(decision);
              if (decision.admitted()) {
                return Future.succeededFuture();
              }
              if (decision.first()) {
                events.limitExceeded(exchange, decision);
              }
              return Future.failedFuture(exceeded(decision));
            });
  }

  private Future<Void> dispatch(Exchange exchange, RouteConfig route) {
    if (exchange.isOver() || exchange.isTakenBack()) {
      return Future.succeededFuture(); // somebody else answers, or there is nobody to answer
    }
    BodyLimit body = new BodyLimit(route.maxBodyBytes() > 0 ? route.maxBodyBytes() : maxBodyBytes);
    if (exchange.hasBody()) {
      body.check(exchange.request);
      // HTTP/1.0 has no interim answers (RFC 9110, section 10.1.1).
      if (exchange.request.version() == HttpVersion.HTTP_1_1
          && exchange.request.headers().contains(HttpHeaders.EXPECT)) {
        exchange.response.writeContinue();
      }
    }
    return switch (route.target()) {
      case Target.Local operation ->
          (AuthOperations.NAMES.contains(operation.operation())
                  ? auth.answer(operation.operation(), exchange, body)
                  : Future.succeededFuture(local.answer(operation.operation(), exchange)))
              .compose(answer -> answer(exchange, answer));
      case Target.Upstream upstream -> forwarder.forward(exchange, upstream.upstream(), body);
      case Target.Service service ->
          bodyOf(exchange, body)
              .compose(bytes -> services.request(service.service(), request(exchange, bytes)))
              .compose(answer -> answer(exchange, answer));
    };
  }

  static Future<Buffer> bodyOf(Exchange exchange, BodyLimit limit) {
    if (!exchange.hasBody()) {
      return Future.succeededFuture(Buffer.buffer());
    }
    exchange.readsBody(true);
    return limit.read(exchange.request).onComplete(read -> exchange.readsBody(false));
  }

  private static ServiceRequest request(Exchange exchange, Buffer body) {
    HttpServerRequest request = exchange.request;
    Map<String, String> headers = new LinkedHashMap<>();
    for (String name : PASSED_TO_SERVICES) {
      List<String> values = request.headers().getAll(name);
      if (values.size() > 1 && !name.equals("accept")) {
        throw Rejection.of(
            Problem.INVALID_REQUEST, "header-repeated", "The header \"" + name + "\" is repeated.");
      }
      if (!values.isEmpty()) {
        headers.put(name, String.join(", ", values));
      }
    }
    Caller caller = exchange.caller().orElseThrow();
    return new ServiceRequest(
        exchange.id,
        caller,
        exchange.match().route().operation(),
        exchange.match().path(),
        RequestTarget.query(request.query()),
        headers,
        body,
        exchange.deadline);
  }

  private static Future<Void> answer(Exchange exchange, ServiceResponse answer) {
    // What was taken back meanwhile is refused by whoever took it, as soon as that is recorded.
    if (exchange.isTakenBack() || !exchange.claimAnswer()) {
      return Future.succeededFuture();
    }
    exchange.response.setStatusCode(answer.status());
    answer.headers().forEach(exchange.response::putHeader);
    if (HttpMethod.HEAD.equals(exchange.request.method())) {
      exchange.response.putHeader(
          HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
    }
    if (answer.contentType().isEmpty()) {
      return exchange.response.end();
    }
    boolean json = answer.contentType().equals("application/json");
    exchange.response.putHeader(HttpHeaders.CONTENT_TYPE, json ? JSON : answer.contentType());
    return exchange.response.end(answer.body());
  }

  private static Rejection exceeded(Decision decision) {
    Decision.Limit violated = decision.limits().get(decision.violated());
    return Rejection.retryable(
        Problem.QUOTA_EXCEEDED,
        "limit-" + violated.policy(),
        "The limit \""
            + violated.policy()
            + "\" of "
            + violated.quota()
            + " in "
            + violated.windowSeconds()
            + " s is used up.",
        Duration.ofMillis(decision.retryAfterMillis()));
  }
}
