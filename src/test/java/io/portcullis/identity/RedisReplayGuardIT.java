package io.portcullis.identity;

import static io.portcullis.identity.Holding.KEY;
import static io.portcullis.identity.Holding.tokenOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Marks in a real Redis: one for all nodes, each ending by itself, and none when it is away. */
final class RedisReplayGuardIT {
  private static final Duration KEEP = Duration.ofSeconds(90);

  private static RedisServer redis;
  private static Node one;
  private static Node two;

  /** A node as far as marks go. */
  private record Node(Vertx vertx, RedisLanes lanes, RedisReplayGuard guard) {
    static Node start() {
      Vertx vertx = Vertx.vertx();
      RedisConfig config =
          new RedisConfig(
              "127.0.0.1", redis.port(), "", new Secret(""), 0, Duration.ofSeconds(1), 64);
      RedisLanes lanes =
          new RedisLanes(
              vertx,
              config,
              new LanePolicy(5, Duration.ofMillis(100), Duration.ofMillis(500)),
              new SimpleMeterRegistry());
      return new Node(vertx, lanes, new RedisReplayGuard(lanes));
    }

    boolean first(String id) {
      return Await.value(guard.first(id, KEEP));
    }

    void close() {
      Await.value(lanes.close());
      Await.value(vertx.close());
    }
  }

  @BeforeAll
  static void start() {
    redis = RedisServer.start();
    one = Node.start();
    two = Node.start();
    for (Node node : List.of(one, two)) {
      Await.until(
          "connected",
          () -> Await.value(node.guard.first(UUID.randomUUID().toString(), KEEP).otherwise(false)));
    }
  }

  @AfterAll
  static void stop() {
    one.close();
    two.close();
    redis.close();
  }

  @Test
  void first_onOneNode_isNotFirstOnTheOther() {
    String id = "x" + UUID.randomUUID();
    assertTrue(one.first(id));
    assertFalse(one.first(id));
    assertFalse(two.first(id));
    long left = Long.parseLong(redis.command("PTTL", "pc:d:" + id).substring(1));
    assertTrue(left > 60_000 && left <= KEEP.toMillis(), "it ends by itself: " + left);
  }

  @Test
  void first_redisStopped_failsInTimeAndTheNodeGoesByItsOwnMemory() {
    redis.signal("STOP");
    try {
      long begun = System.nanoTime();
      Await.failure(one.guard.first("stopped", KEEP));
      assertTrue(System.nanoTime() - begun < Duration.ofSeconds(3).toNanos());
      Holding holding = new Holding();
      DpopVerifier dpop =
          new DpopVerifier(
              io.portcullis.testing.DpopKey.config(),
              one.guard,
              holding.identity.metrics,
              holding.identity.clock);
      HolderVerifier holders = new HolderVerifier(holding.identity.verifier, Optional.of(dpop));
      String token = tokenOf(KEY);
      Sender sender = Sender.proving(holding.proof(token).signed());
      List<String> header = List.of("DPoP " + token);
      assertEquals("alice", Await.value(holders.authenticate(header, sender)).username());
      assertEquals(1, holding.count("ok", "replay-guard-local"));
      Await.failure(holders.authenticate(header, sender));
      assertEquals(1, holding.count("refused", "dpop-replayed"));
    } finally {
      redis.signal("CONT");
    }
    Await.until(
        "back",
        () -> Await.value(one.guard.first(UUID.randomUUID().toString(), KEEP).otherwise(false)));
  }
}
