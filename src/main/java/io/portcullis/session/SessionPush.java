package io.portcullis.session;

import io.vertx.core.Future;
import java.util.function.Consumer;

/** Messages between the nodes, at most once: they make things faster, nothing depends on them. */
public interface SessionPush {
  /**
   * Listens.
   *
   * @param handler gets each message, from this node too
   * @param gap runs whenever messages may have been missed
   */
  void listen(String topic, Consumer<String> handler, Runnable gap);

  /** Tells every node. */
  Future<Void> publish(String topic, String message);
}
