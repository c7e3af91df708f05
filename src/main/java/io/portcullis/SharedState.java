package io.portcullis;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.redis.Broadcast;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** What the nodes of a cluster share: the Redis that keeps state, and messages through it. */
final class SharedState {
  private final RedisLanes lanes;
  private final Broadcast broadcast;

  SharedState(Vertx vertx, PortcullisConfig config, MeterRegistry meters) {
    lanes = new RedisLanes(vertx, config.state(), LanePolicy.forState(), meters, "state");
    broadcast = new Broadcast(vertx, config.state(), lanes, meters);
  }

  RedisLanes lanes() {
    return lanes;
  }

  Broadcast broadcast() {
    return broadcast;
  }

  /** Begins to connect; after everybody who listens has said so. */
  Future<Void> start() {
    lanes.lane();
    return broadcast.start();
  }

  /** Closes the connections; after everybody who uses them has ended. */
  Future<Void> close() {
    return broadcast.close().eventually(lanes::close);
  }
}
