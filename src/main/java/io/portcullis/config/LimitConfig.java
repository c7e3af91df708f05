package io.portcullis.config;

import static io.portcullis.config.AmountForms.count;
import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.TextForms.choice;

import java.time.Duration;

/**
 * The rate limits.
 *
 * @param perIp of one client address within one tenant
 * @param perUser of one subject
 * @param perTenant of a tenant as a whole
 * @param failedAuthentication refused credentials of one client address, counted by each node on
 *     its own
 * @param deadline how long a decision may take before the outage policy answers
 * @param breakerFailures consecutive failures after which Redis is left alone
 * @param breakerPause how long it is left alone before one probe
 * @param expectedNodes nodes that share a limit while Redis is away
 * @param localSubjects subjects remembered at most by this node's own windows
 */
public record LimitConfig(
    Policy perIp,
    Policy perUser,
    Policy perTenant,
    Policy failedAuthentication,
    Duration deadline,
    int breakerFailures,
    Duration breakerPause,
    int expectedNodes,
    int localSubjects) {

  /** What happens to a limit while Redis is away. */
  public enum Outage {
    /** This node's share of the limit. */
    LOCAL,
    /** Refused with 503. */
    CLOSED,
    /** Admitted uncounted. Only where somebody wrote it down. */
    OPEN
  }

  /**
   * One limit.
   *
   * @param max the most that any window admits; 0 switches the limit off
   * @param window the length of the window
   * @param onOutage what happens while Redis is away
   */
  public record Policy(long max, Duration window, Outage onOutage) {
    private static final long MOST = 1_000_000_000;

    static Policy read(Section policy, long atLeast, String max) {
      return new Policy(
          policy.value(
              "max",
              count(atLeast, MOST),
              max,
              "the most that any window admits" + (atLeast == 0 ? "; 0 switches it off" : "")),
          window(policy),
          policy.value(
              "on-outage",
              choice(Outage.class),
              "local",
              "while Redis is away: this node's share, refused (503), or admitted uncounted"));
    }

    /** Counted by each node on its own, so that no outage touches it. */
    static Policy readLocal(Section policy) {
      long max =
          policy.value(
              "max",
              count(1, MOST),
              "600",
              "refused credentials of one client address, counted by each node on its own");
      return new Policy(max, window(policy), Outage.LOCAL);
    }

    private static Duration window(Section policy) {
      return policy.value("window", duration("1s", "1d"), "1m", "the length of the window");
    }
  }

  static LimitConfig read(Section limits) {
    return new LimitConfig(
        limits.section("per-ip", policy -> Policy.read(policy, 1, "600")),
        limits.section("per-user", policy -> Policy.read(policy, 0, "300")),
        limits.section("per-tenant", policy -> Policy.read(policy, 0, "6000")),
        limits.section("failed-authentication", Policy::readLocal),
        limits.value(
            "deadline",
            duration("1ms", "1s"),
            "25ms",
            "how long a decision may take before the outage policy answers"),
        limits.value(
            "breaker-failures",
            number(1, 1000),
            "5",
            "consecutive failures after which Redis is left alone"),
        limits.value(
            "breaker-pause",
            duration("100ms", "1m"),
            "1s",
            "how long it is left alone before one probe"),
        limits.value(
            "expected-nodes", number(1, 1000), "1", "nodes that share a limit while Redis is away"),
        limits.value(
            "local-subjects",
            number(100, 10_000_000),
            "100000",
            "subjects remembered at most by this node's own windows"));
  }
}
