package io.portcullis.limit;

import io.portcullis.limit.WindowScript.Verdict;
import io.portcullis.model.Decision;
import java.util.ArrayList;
import java.util.List;

/** Turns numbers into {@link Decision}s. */
final class Decisions {
  private static final long MICROS = 1_000_000;

  private Decisions() {}

  /** What Redis said. */
  static Decision of(List<Charge> charges, Verdict verdict, boolean first) {
    List<Decision.Limit> limits = new ArrayList<>(charges.size());
    for (int i = 0; i < charges.size(); i++) {
      limits.add(limit(charges.get(i).rule(), verdict.left(i), verdict.resetMicros(i)));
    }
    int violated = verdict.violated();
    return violated < 0
        ? admitted(Decision.Mode.REDIS, limits)
        : refused(Decision.Mode.REDIS, limits, violated, verdict.waitMicros(), first);
  }

  static Decision admitted(Decision.Mode mode, List<Decision.Limit> limits) {
    return new Decision(true, mode, limits, -1, 0, false);
  }

  static Decision refused(
      Decision.Mode mode,
      List<Decision.Limit> limits,
      int violated,
      long waitMicros,
      boolean first) {
    return new Decision(false, mode, limits, violated, Math.ceilDiv(waitMicros, 1_000L), first);
  }

  static Decision.Limit limit(LimitRule rule, long left, long resetMicros) {
    return new Decision.Limit(
        rule.name(),
        rule.max(),
        rule.windowSeconds(),
        Math.max(0, left),
        left >= rule.max() ? 0 : Math.ceilDiv(resetMicros, MICROS));
  }
}
