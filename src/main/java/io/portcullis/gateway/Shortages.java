package io.portcullis.gateway;

import io.portcullis.config.RouteConfig.Target;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.time.Duration;

/** What a request is told that ran out of time, or came when there was too much to do. */
final class Shortages {
  private Shortages() {}

  /** The deadline has passed and nothing has been answered: whose doing is it? */
  static Rejection late(Exchange exchange) {
    if (exchange.isUnread() && exchange.readsBody()) {
      return Rejection.of(
          Problem.INVALID_REQUEST, "body-timeout", "The request body did not arrive in time.");
    }
    boolean forwarded =
        exchange
            .matched()
            .map(match -> match.route().config().target() instanceof Target.Upstream)
            .orElse(false);
    return Rejection.retryable(
        forwarded ? Problem.UPSTREAM_TIMEOUT : Problem.DEPENDENCY_UNAVAILABLE,
        "request-timeout",
        "The request could not be answered in time.",
        Duration.ofSeconds(1));
  }

  static Rejection overloaded() {
    return Rejection.retryable(
        Problem.OVERLOADED,
        "in-flight-limit",
        "There is too much to do at the moment.",
        Duration.ofSeconds(1));
  }
}
