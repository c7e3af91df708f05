package io.portcullis.session;

import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** What carries messages between the nodes of a test, and can lose them. */
final class PushHub implements SessionPush {
  private final Map<String, List<Consumer<String>>> handlers = new ConcurrentHashMap<>();
  private final List<Runnable> gaps = new CopyOnWriteArrayList<>();
  final List<String> messages = new CopyOnWriteArrayList<>();
  volatile boolean loses;

  @Override
  public void listen(String topic, Consumer<String> handler, Runnable gap) {
    handlers.computeIfAbsent(topic, name -> new CopyOnWriteArrayList<>()).add(handler);
    gaps.add(gap);
  }

  @Override
  public Future<Void> publish(String topic, String message) {
    messages.add(message);
    if (!loses) {
      handlers.getOrDefault(topic, List.of()).forEach(handler -> handler.accept(message));
    }
    return Future.succeededFuture();
  }

  /** What anybody listens to. */
  Set<String> topics() {
    return Set.copyOf(handlers.keySet());
  }

  /** As after a new connection: something may have been missed. */
  void gap() {
    gaps.forEach(Runnable::run);
  }
}
