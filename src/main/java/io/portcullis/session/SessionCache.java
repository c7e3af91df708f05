package io.portcullis.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.portcullis.config.SessionConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What this node read of Redis within the last moments, by the name of the handle that was asked
 * for; many who ask at once share one read. Two cookies that differ in the key's id alone have one
 * name and nothing else in common: neither is answered with what the other one found. What was
 * forgotten stays so: a read that had begun before is answered but not remembered, and nobody joins
 * it any more. Safe on any thread.
 */
final class SessionCache {
  private final Cache<String, Located> entries;
  private final ConcurrentMap<Asked, Load> loads = new ConcurrentHashMap<>();
  private final List<String> keyIds;
  private final InstantSource clock;

  SessionCache(SessionConfig config, InstantSource clock) {
    this.entries =
        Caffeine.newBuilder()
            .maximumSize(config.cacheSize())
            .expireAfterWrite(config.cache())
            .executor(Runnable::run)
            .build();
    this.keyIds = config.masterKeys().stream().map(SessionConfig.MasterKey::id).toList();
    this.clock = clock;
  }

  /** Which cookie a read is for. */
  private record Asked(String name, String keyId) {}

  /** A read that has not been answered. */
  private static final class Load {
    private final Promise<Located> answer = Promise.promise();
    private boolean outdated;
  }

  /** What is remembered and may be served; null when there is nothing. */
  @Nullable Located get(Handle handle) {
    Located entry = entries.getIfPresent(handle.name());
    return entry != null
            && entry.handle().keyId().equals(handle.keyId())
            && entry.lives(clock.instant())
        ? entry
        : null;
  }

  /** Reads, or joins who reads already. The future completes on whatever thread. */
  Future<Located> load(Handle handle, Supplier<Future<Located>> read) {
    Asked asked = new Asked(handle.name(), handle.keyId());
    Load mine = new Load();
    Load other = loads.putIfAbsent(asked, mine);
    if (other != null) {
      return other.answer.future();
    }
    read.get()
        .onComplete(
            result -> {
              synchronized (mine) {
                if (result.succeeded() && !mine.outdated && keeps(result.result())) {
                  entries.put(handle.name(), result.result());
                }
              }
              loads.remove(asked, mine);
              mine.answer.handle(result);
            });
    return mine.answer.future();
  }

  /**
   * What was found through an old handle is not remembered: when its session ends, nobody knows by
   * which other names it was found.
   */
  private static boolean keeps(Located located) {
    return !located.moved() && !located.frozen();
  }

  /** Forgets exactly this entry, if it is still the one remembered. */
  void drop(String name, Located entry) {
    entries.asMap().remove(name, entry);
  }

  /** Forgets what is known under a name, and what is being read. */
  void evict(String name) {
    for (String keyId : keyIds) {
      outdate(loads.remove(new Asked(name, keyId)));
    }
    entries.invalidate(name);
  }

  /** Forgets everything. */
  void clear() {
    for (Asked asked : loads.keySet()) {
      outdate(loads.remove(asked));
    }
    entries.invalidateAll();
  }

  private static void outdate(@Nullable Load load) {
    if (load != null) {
      synchronized (load) {
        load.outdated = true;
      }
    }
  }
}
