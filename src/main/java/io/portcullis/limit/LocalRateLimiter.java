package io.portcullis.limit;

import io.portcullis.config.LimitConfig;
import io.portcullis.limit.SubjectWindows.Subject;
import io.portcullis.model.Decision;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The strict window in this node's memory: for limits that each node counts on its own, and as the
 * stand-in while Redis is away. Thread-safe by one lock: a decision is a few hundred nanoseconds
 * and spans several windows, which finer locks would only make harder to get right.
 */
public final class LocalRateLimiter implements RateLimiter {
  private final List<LimitRule> rules;
  private final Map<String, SubjectWindows> windows;
  private final LongSupplier nanos;
  private final Object lock = new Object();

  LocalRateLimiter(List<LimitRule> rules, int subjects, LongSupplier nanos) {
    this.rules = rules;
    this.nanos = nanos;
    this.windows =
        rules.stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    LimitRule::name, rule -> new SubjectWindows(rule, subjects)));
  }

  /** The limit of failed authentications per client address. */
  public static LocalRateLimiter ofFailedAuthentications(LimitConfig config) {
    return new LocalRateLimiter(
        LimitRule.ofFailures(config), config.localSubjects(), System::nanoTime);
  }

  /**
   * A limit per client address that is no part of the configured ones.
   *
   * @param name as the trail names it
   * @param max the most that any window admits
   * @param subjects addresses that are remembered at most
   */
  public static LocalRateLimiter ofAddresses(String name, long max, Duration window, int subjects) {
    LimitRule rule =
        new LimitRule(
            name,
            max,
            window,
            LimitConfig.Outage.LOCAL,
            admission -> ClientAddress.normalise(admission.ip()));
    return new LocalRateLimiter(List.of(rule), subjects, System::nanoTime);
  }

  @Override
  public Future<Decision> admit(Admission admission) {
    try {
      return Future.succeededFuture(decide(Charge.of(rules, admission), admission.cost(), true));
    } catch (Rejection rejection) {
      return Future.failedFuture(rejection);
    }
  }

  /** What {@link #admit} would say, without charging anything. */
  public Decision peek(Admission admission) {
    return decide(Charge.of(rules, admission), admission.cost(), false);
  }

  /** Decides, and charges if it is meant seriously. The costs must fit into the maxima. */
  Decision decide(List<Charge> charges, int cost, boolean charging) {
    long now = nanos.getAsLong() / 1_000;
    synchronized (lock) {
      int violated = -1;
      long wait = 0;
      List<Subject> subjects = new ArrayList<>(charges.size());
      for (int i = 0; i < charges.size(); i++) {
        LimitRule rule = charges.get(i).rule();
        Subject subject = subject(charges.get(i), now, charging);
        subjects.add(subject);
        long delay = subject.window.waitMicros(now, rule.max(), cost);
        if (delay > wait) {
          violated = i;
          wait = delay;
        }
      }
      if (violated < 0) {
        return Decisions.admitted(
            Decision.Mode.LOCAL, charge(charges, subjects, now, charging ? cost : 0));
      }
      return Decisions.refused(
          Decision.Mode.LOCAL,
          charge(charges, subjects, now, 0),
          violated,
          wait,
          charging && news(subjects.get(violated), charges.get(violated).rule(), now));
    }
  }

  private Subject subject(Charge charge, long now, boolean charging) {
    SubjectWindows ofRule = windows.get(charge.rule().name());
    if (ofRule == null) {
      throw new IllegalArgumentException("not a limit of this limiter: " + charge.rule().name());
    }
    Subject known = charging ? ofRule.get(charge.key(), now) : ofRule.find(charge.key());
    return known != null ? known : new Subject(charge.rule().bucketMicros(), now);
  }

  private static List<Decision.Limit> charge(
      List<Charge> charges, List<Subject> subjects, long now, int cost) {
    List<Decision.Limit> limits = new ArrayList<>(charges.size());
    for (int i = 0; i < charges.size(); i++) {
      LimitRule rule = charges.get(i).rule();
      StrictWindow window = subjects.get(i).window;
      if (cost > 0) {
        window.charge(now, cost);
      }
      limits.add(Decisions.limit(rule, rule.max() - window.used(now), window.resetMicros(now)));
    }
    return limits;
  }

  private static boolean news(Subject subject, LimitRule rule, long now) {
    if (now - subject.quietUntilMicros < 0) {
      return false;
    }
    subject.quietUntilMicros = now + rule.window().toNanos() / 1_000;
    return true;
  }
}
