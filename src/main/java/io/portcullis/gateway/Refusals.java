package io.portcullis.gateway;

import io.portcullis.identity.DpopVerifier;
import io.portcullis.limit.Admission;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * What a refused credential or a forbidden request leads to: an audit event, and a count for the
 * client's address. An address that exceeds the count is answered with 429 and leaves one event for
 * the window instead of one for each attempt, so guessing fills neither the trail nor the disk.
 */
final class Refusals {
  private final RateLimiter counter;
  private final SecurityEvents events;

  Refusals(RateLimiter counter, SecurityEvents events) {
    this.counter = counter;
    this.events = events;
  }

  /** Always fails: with the refusal, once the trail has it, or with what replaces it. */
  <T> Future<T> refuse(Exchange exchange, Throwable failure) {
    if (!(failure instanceof Rejection rejection) || !isByPolicy(rejection.problem())) {
      return Future.failedFuture(failure);
    }
    return counted(exchange, rejection);
  }

  /** A service asked for what is not there: among named services that is worth an event too. */
  <T> Future<T> refuseService(Exchange exchange, Rejection rejection) {
    return counted(exchange, rejection);
  }

  /** A login or logout that does not hold is recorded whatever its status is. */
  <T> Future<T> refuseLogin(Exchange exchange, Rejection rejection) {
    return counted(exchange, rejection);
  }

  private <T> Future<T> counted(Exchange exchange, Rejection rejection) {
    return counter
        .admit(new Admission(Admission.NO_GROUP, exchange.clientAddress, "", 1))
        .compose(decision -> refuse(exchange, rejection, decision));
  }

  private <T> Future<T> refuse(Exchange exchange, Rejection rejection, Decision decision) {
    if (decision.admitted() && DpopVerifier.isChallenge(rejection)) {
      return Future.failedFuture(rejection); // the holder of the key is to try again
    }
    if (decision.admitted()) {
      return events.refused(exchange, rejection).compose(kept -> Future.failedFuture(rejection));
    }
    if (decision.first()) {
      events.limitExceeded(exchange, decision);
    }
    return Future.failedFuture(
        Rejection.retryable(
            Problem.QUOTA_EXCEEDED,
            "limit-failed-authentication",
            "Too many refused requests from this address.",
            Duration.ofMillis(decision.retryAfterMillis())));
  }

  private static boolean isByPolicy(Problem problem) {
    return problem.status() == 401 || problem.status() == 403;
  }
}
