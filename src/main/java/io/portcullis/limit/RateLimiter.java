package io.portcullis.limit;

import io.portcullis.model.Decision;
import io.vertx.core.Future;

/** Decides whether a request may pass. */
@FunctionalInterface
public interface RateLimiter {
  /**
   * Checks all limits of the request and charges all of them, or refuses and charges none.
   *
   * <p>Fails with a {@link io.portcullis.model.Rejection}: {@code cost-exceeds-limit} (invalid
   * request: no waiting makes it pass) or {@code limiter-unavailable} (the store is away and a
   * limit says closed, or this node's share is too small for the cost). Never fails with anything
   * else.
   */
  Future<Decision> admit(Admission admission);
}
