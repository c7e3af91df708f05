package io.portcullis.limit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.model.Decision;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counters of decisions, all made beforehand: the hot path builds no tags. */
final class LimitMeters {
  private final Map<String, Map<Decision.Mode, Counter>> admitted = new HashMap<>();
  private final Map<String, Map<Decision.Mode, Counter>> refused = new HashMap<>();
  private final Counter redisCalls;
  private final Counter cached;

  LimitMeters(List<LimitRule> rules, MeterRegistry registry) {
    for (LimitRule rule : rules) {
      admitted.put(rule.name(), counters(registry, rule.name(), "admitted"));
      refused.put(rule.name(), counters(registry, rule.name(), "refused"));
    }
    redisCalls =
        Counter.builder("portcullis.limit.redis.calls")
            .description("Decisions that Redis was asked for")
            .register(registry);
    cached =
        Counter.builder("portcullis.limit.refusals.cached")
            .description("Refusals that needed no call to Redis")
            .register(registry);
  }

  private static Map<Decision.Mode, Counter> counters(
      MeterRegistry registry, String policy, String result) {
    Map<Decision.Mode, Counter> byMode = new EnumMap<>(Decision.Mode.class);
    for (Decision.Mode mode : Decision.Mode.values()) {
      byMode.put(
          mode,
          Counter.builder("portcullis.limit.decisions")
              .description("Decisions by limit; a refusal counts for the limit that refused")
              .tag("policy", policy)
              .tag("result", result)
              .tag("mode", mode.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    return byMode;
  }

  void redisCall() {
    redisCalls.increment();
  }

  void cachedRefusal() {
    cached.increment();
  }

  /** Counts for every limit that admitted, or for the one that refused. */
  void decided(Decision decision) {
    List<Decision.Limit> limits = decision.limits();
    if (!decision.admitted()) {
      count(refused, limits.get(decision.violated()).policy(), decision.mode());
      return;
    }
    for (int i = 0; i < limits.size(); i++) {
      count(admitted, limits.get(i).policy(), decision.mode());
    }
  }

  /** Counts limits that could not be asked. */
  void closed(List<Charge> charges) {
    for (Charge charge : charges) {
      count(refused, charge.rule().name(), Decision.Mode.CLOSED);
    }
  }

  /** Counts limits that were left out. */
  void open(List<Charge> charges) {
    for (Charge charge : charges) {
      count(admitted, charge.rule().name(), Decision.Mode.OPEN);
    }
  }

  private static void count(
      Map<String, Map<Decision.Mode, Counter>> counters, String policy, Decision.Mode mode) {
    Map<Decision.Mode, Counter> byMode = counters.get(policy);
    Counter counter = byMode == null ? null : byMode.get(mode);
    if (counter != null) {
      counter.increment();
    }
  }
}
