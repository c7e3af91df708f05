package io.portcullis.session;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells this node at once, and the others by push, which records have changed. A push that is lost
 * costs the cache's time, nothing else.
 */
final class SessionNews {
  private static final Logger log = LoggerFactory.getLogger(SessionNews.class);
  private static final String TOPIC = "session";
  private static final String ENDED = "session-ended";

  private final SessionPush push;
  private final SessionCache cache;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<String>> endings = new CopyOnWriteArrayList<>();

  SessionNews(SessionPush push, SessionCache cache) {
    this.push = push;
    this.cache = cache;
    push.listen(TOPIC, this::heard, cache::clear);
    push.listen(ENDED, this::gone, () -> {});
  }

  /** Also hears what was said here. */
  void onChange(Consumer<String> listener) {
    listeners.add(listener);
  }

  /**
   * Hears the public names of sessions that ended on any node, on any thread, now and then twice.
   *
   * @return stops that
   */
  Runnable onEnd(Consumer<String> listener) {
    endings.add(listener);
    return () -> endings.remove(listener);
  }

  /** A session is over, whatever its record was called. */
  void ended(String id) {
    gone(id);
    tell(ENDED, id);
  }

  private void gone(String id) {
    endings.forEach(listener -> listener.accept(id));
  }

  void changed(String name) {
    changed(List.of(name));
  }

  void changed(List<String> names) {
    names.forEach(cache::evict);
    if (names.isEmpty()) {
      return;
    }
    tell(TOPIC, String.join(" ", names));
  }

  private void tell(String topic, String message) {
    Future<Void> told = push.publish(topic, message);
    told.onFailure(
        problem ->
            log.atWarn()
                .addKeyValue("event.action", "session.push.failed")
                .addKeyValue("error.message", problem.getMessage())
                .log("other nodes learn of a changed session only when their cache ends"));
  }

  private void heard(String message) {
    for (String name : message.split(" ", -1)) {
      cache.evict(name);
      listeners.forEach(listener -> listener.accept(name));
    }
  }
}
