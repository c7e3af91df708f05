package io.portcullis.model;

import java.util.List;

/**
 * The answer of the limiter to one request.
 *
 * @param admitted whether the request may pass; when not, nothing was charged
 * @param mode where the decision came from
 * @param limits the state of every limit that took part, in the order of the policies
 * @param violated index into {@code limits} of the limit that refused, or -1
 * @param retryAfterMillis how long until the refused request could pass; 0 when admitted
 * @param first whether this is the first refusal by this limit of this subject in its window on
 *     this node, which is the one that the audit trail keeps
 */
public record Decision(
    boolean admitted,
    Mode mode,
    List<Limit> limits,
    int violated,
    long retryAfterMillis,
    boolean first) {

  /** Where a decision came from. */
  public enum Mode {
    /** The shared window in Redis: exact. */
    REDIS,
    /** This node's share of the limit, while Redis is away. */
    LOCAL,
    /** Refused because Redis is away and the policy is to close. */
    CLOSED,
    /** Admitted uncounted because Redis is away and the policy is to open. */
    OPEN
  }

  /**
   * One limit after the decision.
   *
   * @param policy the policy's name, as in the headers
   * @param quota the most that any window admits
   * @param windowSeconds the length of the window
   * @param remaining what is left now, never negative
   * @param resetSeconds seconds, rounded up, until more becomes available; 0 when nothing is used
   */
  public record Limit(
      String policy, long quota, long windowSeconds, long remaining, long resetSeconds) {}
}
