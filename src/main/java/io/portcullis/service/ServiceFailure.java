package io.portcullis.service;

import io.portcullis.model.Rejection;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;

/**
 * Carries a {@link Rejection} over the event bus as a failed reply. Stackless, as what it bears.
 */
final class ServiceFailure extends ReplyException {
  private static final long serialVersionUID = 1L;

  private final Rejection rejection;

  ServiceFailure(Rejection rejection) {
    super(
        ReplyFailure.RECIPIENT_FAILURE,
        rejection.problem().status(),
        rejection.problem().code(),
        false);
    this.rejection = rejection;
  }

  Rejection rejection() {
    return rejection;
  }
}
