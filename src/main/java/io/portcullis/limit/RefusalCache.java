package io.portcullis.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.portcullis.limit.WindowScript.Verdict;
import io.portcullis.model.Decision;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers refusals until the moment at which they end, so that a flood costs Redis nothing.
 *
 * <p>Nothing frees a window before its oldest bucket leaves, and the script said when enough will
 * have left for this cost. Until then this cost and every larger one is refused for certain; a
 * smaller one is not, and goes to Redis. The moment is counted from before the question was asked,
 * so it never comes too late. What does not fit in the cache costs a call to Redis, nothing else;
 * its frequency-based eviction keeps exactly the keys that are hammered. Thread-safe; lock-free for
 * keys that are not refused.
 */
final class RefusalCache {
  private final Cache<String, Refusal> refusals;
  private final LongSupplier nanos;

  RefusalCache(int most, LongSupplier nanos) {
    this.refusals = Caffeine.newBuilder().maximumSize(most).build();
    this.nanos = nanos;
  }

  private record Refusal(
      int cost, long untilNanos, long quietUntilNanos, long left, long resetAtNanos) {}

  /** The decision, if it is already certain that one of the limits refuses. */
  @Nullable Decision find(List<Charge> charges, int cost) {
    for (int i = 0; i < charges.size(); i++) {
      Charge charge = charges.get(i);
      Refusal refusal = refusals.getIfPresent(charge.key());
      if (refusal != null) {
        long now = nanos.getAsLong();
        if (cost >= refusal.cost && now - refusal.untilNanos < 0) {
          return refuse(charge, refusal, now);
        }
      }
    }
    return null;
  }

  private Decision refuse(Charge charge, Refusal refusal, long now) {
    boolean first = now - refusal.quietUntilNanos >= 0 && announce(charge, now);
    return Decisions.refused(
        Decision.Mode.REDIS,
        List.of(
            Decisions.limit(
                charge.rule(), refusal.left, Math.max(0, refusal.resetAtNanos - now) / 1_000)),
        0,
        (refusal.untilNanos - now) / 1_000,
        first);
  }

  /** Whether this call is the one that starts a new quiet time for the key. */
  private boolean announce(Charge charge, long now) {
    boolean[] mine = {false};
    refusals
        .asMap()
        .computeIfPresent(
            charge.key(),
            (key, held) -> {
              mine[0] = now - held.quietUntilNanos >= 0;
              return mine[0]
                  ? new Refusal(
                      held.cost,
                      held.untilNanos,
                      now + charge.rule().window().toNanos(),
                      held.left,
                      held.resetAtNanos)
                  : held;
            });
    return mine[0];
  }

  /**
   * Keeps what Redis refused.
   *
   * @param askedNanos when Redis was asked
   * @return whether it is the first refusal of this subject by this limit in a window's time
   */
  boolean keep(List<Charge> charges, int cost, Verdict verdict, long askedNanos) {
    int violated = verdict.violated();
    Charge charge = charges.get(violated);
    boolean[] first = {false};
    refusals
        .asMap()
        .compute(
            charge.key(),
            (key, held) -> {
              first[0] = held == null || askedNanos - held.quietUntilNanos >= 0;
              return new Refusal(
                  cost,
                  askedNanos + verdict.waitMicros() * 1_000,
                  first[0] || held == null
                      ? askedNanos + charge.rule().window().toNanos()
                      : held.quietUntilNanos,
                  verdict.left(violated),
                  askedNanos + verdict.resetMicros(violated) * 1_000);
            });
    return first[0];
  }
}
