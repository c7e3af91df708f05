package io.portcullis.redis;

import java.time.Duration;

/**
 * How patient a lane is.
 *
 * @param breakerFailures failed calls in a row after which Redis is left alone
 * @param breakerPause how long it is left alone before each probe
 * @param probeDeadline how fast a probe must be answered: the deadline of ordinary calls, since a
 *     Redis that cannot keep it is of no use to them
 */
public record LanePolicy(int breakerFailures, Duration breakerPause, Duration probeDeadline) {
  /**
   * For state, where nothing can be decided without an answer: worth a longer wait than a limit is,
   * and short enough that a caller learns of an outage within the second.
   */
  public static LanePolicy forState() {
    return new LanePolicy(5, Duration.ofSeconds(1), Duration.ofMillis(500));
  }
}
