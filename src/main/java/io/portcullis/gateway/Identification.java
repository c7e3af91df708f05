package io.portcullis.gateway;

import io.portcullis.config.RouteConfig;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.Optional;

/** Who is calling? One kind of credential decides; a refused one is counted and recorded. */
final class Identification {
  private final Door door;
  private final Holders holders;
  private final SessionCaller sessions;
  private final Refusals refusals;

  Identification(Door door, Holders holders, SessionCaller sessions, Refusals refusals) {
    this.door = door;
    this.holders = holders;
    this.sessions = sessions;
    this.refusals = refusals;
  }

  /** The proved caller; fails with a {@link Rejection}. */
  Future<Caller> of(Exchange exchange) {
    if (door.internal()) {
      return service(exchange);
    }
    return outside(exchange).recover(failure -> refusals.refuse(exchange, failure));
  }

  /** Who brings a token is that caller; a browser's cookie is not even looked at then. */
  private Future<Caller> outside(Exchange exchange) {
    try {
      Optional<String> cookie =
          exchange.request.headers().contains(HttpHeaders.AUTHORIZATION)
              ? Optional.empty()
              : sessions.cookie(exchange);
      return cookie.isPresent() ? sessions.of(exchange, cookie.get()) : holders.prove(exchange);
    } catch (Rejection refused) {
      return Future.failedFuture(refused);
    }
  }

  /** A service is its certificate; whatever else it sends proves nothing here. */
  private Future<Caller> service(Exchange exchange) {
    RouteConfig route = exchange.match().route().config();
    if (!route.services().contains(exchange.peer().orElseThrow().identity().role())) {
      return refusals.refuse(
          exchange,
          Rejection.of(
              Problem.FORBIDDEN, "service-not-named", "This service may not use this operation."));
    }
    return Future.succeededFuture(exchange.caller().orElseThrow());
  }
}
