package io.portcullis;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.DpopConfig;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.identity.DpopVerifier;
import io.portcullis.identity.RedisReplayGuard;
import io.portcullis.identity.RevocationStore;
import io.portcullis.identity.RevocationVerticle;
import io.portcullis.identity.Revocations;
import io.portcullis.redis.Broadcast;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;

/**
 * What the nodes of a cluster share: the Redis that keeps state, messages through it, and what was
 * taken back.
 */
final class SharedState {
  private final RedisLanes lanes;
  private final Broadcast broadcast;
  private final Revocations revocations;
  private final RevocationVerticle keeper;

  SharedState(Vertx vertx, PortcullisConfig config, MeterRegistry meters, Clock clock) {
    lanes = new RedisLanes(vertx, config.state(), LanePolicy.forState(), meters, "state");
    broadcast = new Broadcast(vertx, config.state(), lanes, meters);
    RevocationStore store = new RevocationStore(lanes, broadcast, config.revocation());
    revocations = new Revocations(store, config.revocation(), clock);
    keeper = new RevocationVerticle(store, revocations, meters, clock);
    store.listen(keeper::refresh);
  }

  RedisLanes lanes() {
    return lanes;
  }

  Broadcast broadcast() {
    return broadcast;
  }

  /** Proves keys; each proof is good once on all nodes. */
  DpopVerifier proofs(DpopConfig config, MeterRegistry meters, Clock clock) {
    return new DpopVerifier(config, new RedisReplayGuard(lanes), meters, clock);
  }

  Revocations revocations() {
    return revocations;
  }

  /** To be deployed before anything that proves callers. */
  RevocationVerticle keeper() {
    return keeper;
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
