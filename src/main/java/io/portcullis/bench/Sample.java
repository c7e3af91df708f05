package io.portcullis.bench;

/**
 * One round: what the load saw and what it cost.
 *
 * @param scenario what was asked
 * @param peer whether HAProxy answered; else the gateway
 * @param load what wrk saw
 * @param serverMicros CPU time of the server's process in the round
 * @param redisMicros CPU time of its Redis in the round; 0 for HAProxy
 */
record Sample(
    Scenario scenario, boolean peer, LoadResult load, long serverMicros, long redisMicros) {

  /** CPU microseconds of the server per request. */
  double serverCost() {
    return (double) serverMicros / load.requests();
  }

  /** CPU microseconds of its Redis per request. */
  double redisCost() {
    return (double) redisMicros / load.requests();
  }

  /** CPU microseconds per request, everything that the server needs. */
  double cost() {
    return serverCost() + redisCost();
  }
}
