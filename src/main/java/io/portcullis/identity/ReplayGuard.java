package io.portcullis.identity;

import io.vertx.core.Future;
import java.time.Duration;

/** What was used on any node. */
@FunctionalInterface
public interface ReplayGuard {
  /**
   * Marks something as used.
   *
   * @param id what is used, in at most 64 characters of base64url
   * @param keep for how long it stays marked
   * @return whether it was not marked before; fails when that cannot be told
   */
  Future<Boolean> first(String id, Duration keep);
}
