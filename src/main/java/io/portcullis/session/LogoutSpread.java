package io.portcullis.session;

import io.portcullis.model.LogoutToken;
import io.vertx.core.Future;

/** Makes every credential of an ended login worthless on every node, not only our sessions. */
@FunctionalInterface
public interface LogoutSpread {
  /**
   * Completes when it is kept; fails with a {@link io.portcullis.model.Rejection} when it is not.
   */
  Future<Void> ended(LogoutToken logout);
}
