package io.portcullis.limit;

import io.portcullis.config.LimitConfig;
import io.portcullis.redis.KeySegment;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * One limit that is switched on.
 *
 * @param name as in headers, keys and metrics
 * @param max the most that any window admits, 1 to 10^9
 * @param window the length of the window
 * @param onOutage what happens while Redis is away
 * @param subject what it counts by: a key segment, or empty when it has no part in a request
 */
record LimitRule(
    String name,
    long max,
    Duration window,
    LimitConfig.Outage onOutage,
    Function<Admission, String> subject) {
  private static final long LARGEST = 1_000_000_000;

  LimitRule {
    if (max < 1 || max > LARGEST) {
      throw new IllegalArgumentException(name + ": max must be between 1 and " + LARGEST);
    }
    if (window.compareTo(Duration.ofMillis(100)) < 0 || window.toDays() > 366) {
      throw new IllegalArgumentException(name + ": window must be between 100 ms and a year");
    }
  }

  /** The limits of a request that are on, in the order in which they are checked and shown. */
  static List<LimitRule> of(LimitConfig config) {
    return List.of(
            rule("per-ip", config.perIp(), a -> ClientAddress.normalise(a.ip())),
            rule("per-user", config.perUser(), LimitRule::user),
            rule("per-tenant", config.perTenant(), LimitRule::tenant))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  /** The limit of failed authentications, or nothing when it is off. */
  static List<LimitRule> ofFailures(LimitConfig config) {
    return rule(
        "failed-authentication",
        config.failedAuthentication(),
        a -> ClientAddress.normalise(a.ip()));
  }

  private static List<LimitRule> rule(
      String name, LimitConfig.Policy policy, Function<Admission, String> subject) {
    return policy.max() == 0
        ? List.of()
        : List.of(new LimitRule(name, policy.max(), policy.window(), policy.onOutage(), subject));
  }

  private static String user(Admission admission) {
    return admission.subject().isEmpty() ? "" : KeySegment.of(admission.subject());
  }

  private static String tenant(Admission admission) {
    return admission.group().equals(Admission.NO_GROUP) ? "" : "all";
  }

  /** The same limit with another maximum. */
  LimitRule withMax(long newMax) {
    return new LimitRule(name, newMax, window, onOutage, subject);
  }

  long bucketMicros() {
    return StrictWindow.widthMicros(window);
  }

  /** The window in whole seconds, rounded up. */
  long windowSeconds() {
    return Math.ceilDiv(window.toMillis(), 1000L);
  }
}
