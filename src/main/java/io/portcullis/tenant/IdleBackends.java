package io.portcullis.tenant;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Connections that nobody uses, the most recently used first. Guarded by the pool's lock. */
final class IdleBackends {
  private static final long IDLE_NANOS = Duration.ofMinutes(5).toNanos();

  private final ArrayDeque<Backend> backends = new ArrayDeque<>();

  int size() {
    return backends.size();
  }

  void add(Backend backend, long nowNanos) {
    backend.idleSinceNanos(nowNanos);
    backends.addFirst(backend);
  }

  boolean remove(Backend backend) {
    return backends.remove(backend);
  }

  /** The same tenant's before the same event loop's before any. */
  @Nullable Backend take(BackendUser user) {
    Backend best = null;
    int bestScore = -1;
    for (Backend candidate : backends) {
      int score =
          (candidate.affinity().equals(user.affinity()) ? 2 : 0)
              + (candidate.loop() == user.loop() ? 1 : 0);
      if (score > bestScore) {
        best = candidate;
        bestScore = score;
      }
    }
    if (best != null) {
      backends.remove(best);
    }
    return best;
  }

  /** Takes out those that are too old, unused for too long, or closed. */
  List<Backend> retire(long nowNanos) {
    List<Backend> retired = new ArrayList<>(0);
    backends.removeIf(
        b ->
            (b.isExpired(nowNanos) || nowNanos - b.idleSinceNanos() > IDLE_NANOS || !b.isOpen())
                && retired.add(b));
    return retired;
  }

  /** Takes out all. */
  List<Backend> drain() {
    List<Backend> all = new ArrayList<>(backends);
    backends.clear();
    return all;
  }
}
