package io.portcullis.redis;

import io.portcullis.config.Endpoint;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Consumer;

/** Where the Redis is that takes writes. */
interface Primary {
  /**
   * Where it is, as far as can be known now.
   *
   * @param caller the context on which the future completes, within a second or so; it fails with
   *     {@link RedisException} when nobody knows
   */
  Future<Endpoint> find(ContextInternal caller);

  /** Whether it may be elsewhere later; then whoever connects makes sure of its role. */
  boolean moves();

  /** Whether nothing newer is known than that it is there; any thread. */
  boolean isAt(Endpoint place);

  /** Is told each move, on a thread of its own choice. */
  void onMove(Consumer<Endpoint> listener);

  /** Nobody is told anything afterwards. */
  void close();

  /** One that stays where it is. */
  static Primary at(Endpoint place) {
    return new Primary() {
      @Override
      public Future<Endpoint> find(ContextInternal caller) {
        return caller.succeededFuture(place);
      }

      @Override
      public boolean moves() {
        return false;
      }

      @Override
      public boolean isAt(Endpoint other) {
        return true;
      }

      @Override
      public void onMove(Consumer<Endpoint> listener) {
        // it does not
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }
}
