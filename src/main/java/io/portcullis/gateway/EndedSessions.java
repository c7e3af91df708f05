package io.portcullis.gateway;

import io.portcullis.session.Session;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The sessions that ended just now, so that what was proved by one of them ends too: requests in
 * flight, and those whose session was found a moment before. Later the session is found no more.
 *
 * <p>Confined to the event loop of one gateway instance.
 */
final class EndedSessions {
  private static final int MOST = 10_000;

  /** Longer than it takes from the session to its caller. */
  private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final LongSupplier nanos;
  private final Map<String, Long> ended = new LinkedHashMap<>();

  EndedSessions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void add(String id) {
    long now = nanos.getAsLong();
    ended.putIfAbsent(id, now);
    Iterator<Long> oldest = ended.values().iterator();
    while (oldest.hasNext() && (now - oldest.next() > KEPT_NANOS || ended.size() > MOST)) {
      oldest.remove();
    }
  }

  boolean has(Session session) {
    return ended.containsKey(session.id());
  }
}
