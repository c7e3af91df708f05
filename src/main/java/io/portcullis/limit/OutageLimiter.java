package io.portcullis.limit;

import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.model.Decision;
import io.portcullis.model.Rejection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What happens to a request while Redis is away: limits that say closed refuse it, local ones count
 * on this node, open ones let it pass.
 *
 * <p>The share of a node is the maximum divided by the expected nodes, rounded <em>down</em>, so
 * that all nodes together stay within the maximum. A request that costs more than the share is
 * refused as unavailable and not as the caller's fault. The one bound that is wider: a window that
 * spans the beginning or the end of an outage may see what Redis admitted plus what the nodes
 * admitted, at most twice the maximum.
 */
final class OutageLimiter {
  private final Map<String, LimitRule> shares = new HashMap<>();
  private final LocalRateLimiter local;
  private final Decision.Mode mode;

  OutageLimiter(List<LimitRule> rules, int expectedNodes, int subjects, LongSupplier nanos) {
    for (LimitRule rule : rules) {
      long share = rule.max() / Math.max(1, expectedNodes);
      if (rule.onOutage() == Outage.LOCAL && share > 0) {
        shares.put(rule.name(), rule.withMax(share));
      }
    }
    this.local = new LocalRateLimiter(List.copyOf(shares.values()), subjects, nanos);
    this.mode = strictest(rules);
  }

  private static Decision.Mode strictest(List<LimitRule> rules) {
    if (rules.stream().anyMatch(rule -> rule.onOutage() == Outage.CLOSED)) {
      return Decision.Mode.CLOSED;
    }
    return rules.stream().anyMatch(rule -> rule.onOutage() == Outage.LOCAL)
        ? Decision.Mode.LOCAL
        : Decision.Mode.OPEN;
  }

  /** The mode of a request to which every limit applies. */
  Decision.Mode mode() {
    return mode;
  }

  /**
   * Decides.
   *
   * @throws Rejection {@code limiter-unavailable}
   */
  Decision decide(List<Charge> charges, int cost) {
    List<Charge> counted = new ArrayList<>(charges.size());
    for (Charge charge : charges) {
      Outage outage = charge.rule().onOutage();
      LimitRule share = shares.get(charge.rule().name());
      if (outage == Outage.LOCAL && share != null && cost <= share.max()) {
        counted.add(new Charge(share, charge.key()));
      } else if (outage != Outage.OPEN) {
        throw Rejection.unavailable("limiter");
      }
    }
    return counted.isEmpty()
        ? Decisions.admitted(Decision.Mode.OPEN, List.of())
        : local.decide(counted, cost, true);
  }
}
