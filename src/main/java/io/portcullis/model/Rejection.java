package io.portcullis.model;

import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An expected refusal or failure on its way to the one place that answers it. It carries no stack:
 * it is a value that travels as a failed future.
 */
public final class Rejection extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Problem problem;
  private final String reason;
  private final transient Optional<Duration> retryAfter;
  private final transient Map<String, String> facts;

  private Rejection(
      Problem problem,
      String reason,
      String detail,
      Optional<Duration> retryAfter,
      Map<String, String> facts) {
    super(detail, null, false, false);
    this.problem = problem;
    this.reason = reason;
    this.retryAfter = retryAfter;
    this.facts = facts;
  }

  /**
   * A refusal.
   *
   * @param reason a short stable code for metrics and the audit trail ({@code token-expired});
   *     never shown to the caller
   * @param detail one sentence for the caller; nothing internal
   */
  public static Rejection of(Problem problem, String reason, String detail) {
    return new Rejection(problem, reason, detail, Optional.empty(), Map.of());
  }

  /** A refusal that passes with time. */
  public static Rejection retryable(
      Problem problem, String reason, String detail, Duration retryAfter) {
    return new Rejection(problem, reason, detail, Optional.of(retryAfter), Map.of());
  }

  /** A part of the platform is away: 503 with a hint when to come back. */
  public static Rejection unavailable(String dependency) {
    return retryable(
        Problem.DEPENDENCY_UNAVAILABLE,
        dependency + "-unavailable",
        "A part of the platform that this request needs is not available. Try again shortly.",
        Duration.ofSeconds(2));
  }

  /**
   * The same with a fact for whoever asks why: which claim it was, what was needed. It goes to the
   * audit trail and never to the caller; so no part of a credential beyond what names its holder.
   */
  public Rejection with(String fact, String value) {
    Map<String, String> more = new TreeMap<>(facts);
    more.put(fact, value);
    return new Rejection(problem, reason, detail(), retryAfter, Collections.unmodifiableMap(more));
  }

  /** What {@link #with} added. */
  public Map<String, String> facts() {
    return facts;
  }

  /** Which problem document answers this. */
  public Problem problem() {
    return problem;
  }

  /** The stable code for metrics and audit. */
  public String reason() {
    return reason;
  }

  /** One sentence for the caller. */
  public String detail() {
    return String.valueOf(getMessage());
  }

  /** When it makes sense to come back, if it does. */
  public Optional<Duration> retryAfter() {
    return retryAfter;
  }
}
