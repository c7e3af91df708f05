package io.portcullis.session;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.Map;

/**
 * A token that does not hold is a matter of whoever brought it: here that is an issuer or a browser
 * on its behalf, and never a caller without a credential. Outages stay what they are.
 */
final class TokenDoubt {
  private TokenDoubt() {}

  /** The same refusal as another problem, its reason behind a prefix. */
  static Throwable as(Problem problem, String prefix, String detail, Throwable failure) {
    if (!(failure instanceof Rejection refused) || refused.problem() != Problem.UNAUTHENTICATED) {
      return failure;
    }
    Rejection told = Rejection.of(problem, prefix + refused.reason(), detail);
    for (Map.Entry<String, String> fact : refused.facts().entrySet()) {
      told = told.with(fact.getKey(), fact.getValue());
    }
    return told;
  }
}
