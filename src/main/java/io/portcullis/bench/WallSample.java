package io.portcullis.bench;

/**
 * One round behind a wall.
 *
 * @param wall what the requests passed
 * @param message whether they were chat messages; else plain reads
 * @param load what wrk saw
 * @param edgeMicros CPU time of Nginx, all its processes
 * @param gatewayMicros CPU time of the gateway and its Redis
 */
record WallSample(
    Wall wall, boolean message, LoadResult load, long edgeMicros, long gatewayMicros) {

  /** CPU microseconds of Nginx per request. */
  double edgeCost() {
    return (double) edgeMicros / load.requests();
  }

  /** CPU microseconds of the gateway and its Redis per request. */
  double gatewayCost() {
    return (double) gatewayMicros / load.requests();
  }

  /** Both. */
  double cost() {
    return edgeCost() + gatewayCost();
  }
}
