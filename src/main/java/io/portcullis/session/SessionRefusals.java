package io.portcullis.session;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.time.Duration;

/** What a request without a usable session is told. */
final class SessionRefusals {
  private static final String ELSEWHERE = "session-renewed-elsewhere";

  private SessionRefusals() {}

  /** It is certain that there is no such session. */
  static Rejection unknown() {
    return unauthenticated("session-unknown");
  }

  /** The record is there but does not open: somebody changed Redis, or a key is wrong. */
  static Rejection damaged() {
    return unauthenticated("session-damaged");
  }

  /** The issuer does not go on with it. */
  static Rejection ended() {
    return unauthenticated("session-ended");
  }

  private static Rejection unauthenticated(String reason) {
    return Rejection.of(
        Problem.UNAUTHENTICATED, reason, "The session is unknown or has ended. Log in again.");
  }

  /** The token is over and cannot be renewed at present. */
  static Rejection notNow(Duration retryAfter) {
    Duration atLeast = retryAfter.toMillis() < 1000 ? Duration.ofSeconds(1) : retryAfter;
    return Rejection.retryable(
        Problem.DEPENDENCY_UNAVAILABLE,
        "session-not-renewed",
        "The session cannot be renewed at the moment. Try again shortly.",
        atLeast);
  }

  /** Another node renews it, and nobody of this one waits; never seen by a caller. */
  static Rejection elsewhere() {
    return Rejection.retryable(
        Problem.DEPENDENCY_UNAVAILABLE,
        ELSEWHERE,
        "The session is being renewed. Try again shortly.",
        Duration.ofSeconds(1));
  }

  static boolean isElsewhere(Throwable problem) {
    return problem instanceof Rejection rejection && rejection.reason().equals(ELSEWHERE);
  }

  /** Too many wait already. */
  static Rejection crowded() {
    return Rejection.retryable(
        Problem.OVERLOADED,
        "session-refresh-crowded",
        "Too many requests wait for a session to be renewed. Try again shortly.",
        Duration.ofSeconds(1));
  }
}
