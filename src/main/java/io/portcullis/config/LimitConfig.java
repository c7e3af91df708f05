package io.portcullis.config;

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
  public record Policy(long max, Duration window, Outage onOutage) {}
}
