package io.portcullis.gateway;

import io.portcullis.limit.Admission;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import java.time.Duration;

/**
 * The answer to a browser that asks on behalf of a page whether the page may ask (Fetch Standard,
 * section 3.2.2). It comes without a credential by design, so it is answered before anybody is
 * identified, at every path that exists and at no other. All are counted by address on this node.
 *
 * <p>An origin that is not configured is refused by policy: 403, an event in the trail, and a count
 * like any other refusal.
 */
final class Preflights {
  private final Cors cors;
  private final RouteTable routes;
  private final RateLimiter counter;
  private final Refusals refusals;
  private final SecurityEvents events;

  Preflights(
      Cors cors, RouteTable routes, RateLimiter counter, Refusals refusals, SecurityEvents events) {
    this.cors = cors;
    this.routes = routes;
    this.counter = counter;
    this.refusals = refusals;
    this.events = events;
  }

  /** Completes when it is answered; fails, or throws, with what has to be answered. */
  Future<Void> answer(Exchange exchange) {
    MultiMap answer = exchange.response.headers();
    Cors.markPreflight(answer);
    if (!cors.admits(exchange.request.headers())) {
      return refusals.refuse(
          exchange,
          Rejection.of(
              Problem.FORBIDDEN, "cors-origin", "Pages of this origin may not use this API."));
    }
    return counter
        .admit(new Admission(Admission.NO_GROUP, exchange.clientAddress, "", 1))
        .compose(
            decision -> {
              if (!decision.admitted()) {
                return Future.failedFuture(exceeded(exchange, decision));
              }
              // Counted before it is looked up: what is not there is asked for like all else.
              var present = routes.methods(RequestTarget.path(exchange.request.uri()));
              if (!exchange.claimAnswer()) {
                return Future.succeededFuture();
              }
              cors.permit(present, answer);
              return exchange.response.setStatusCode(204).end();
            });
  }

  private Rejection exceeded(Exchange exchange, Decision decision) {
    if (decision.first()) {
      events.limitExceeded(exchange, decision);
    }
    return Rejection.retryable(
        Problem.QUOTA_EXCEEDED,
        "limit-preflight",
        "Too many preflights from this address.",
        Duration.ofMillis(decision.retryAfterMillis()));
  }
}
