package io.portcullis.session;

import java.time.Duration;

/**
 * The pace of a node's sessions.
 *
 * @param redis patience with the Redis of state, for every call
 * @param lockLife how long a lock outlives its owner
 * @param lockRenewal how often an owner prolongs it
 * @param poll how often a node looks whether another one has finished
 * @param callDeadline how long the issuer may take
 * @param storeDeadline how long new tokens are kept in hand while Redis is away
 * @param pause how long a session is left alone after its refresh failed
 * @param longestPause how long the issuer is left alone at most after many failures
 */
record RefreshTiming(
    Duration redis,
    Duration lockLife,
    Duration lockRenewal,
    Duration poll,
    Duration callDeadline,
    Duration storeDeadline,
    Duration pause,
    Duration longestPause) {

  /**
   * A dead owner is replaced within the time that requests wait (10 s), three lost renewals are
   * survived, and a refresh may take thrice as long as anybody waits for it.
   */
  static RefreshTiming standard() {
    return new RefreshTiming(
        Duration.ofMillis(500),
        Duration.ofSeconds(6),
        Duration.ofMillis(1500),
        Duration.ofMillis(200),
        Duration.ofSeconds(30),
        Duration.ofSeconds(15),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10));
  }
}
