package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.config.SentinelConfig;
import io.portcullis.testing.Await;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which server lanes lead to when sentinels and servers disagree. */
final class SentinelsTest {
  private final Vertx vertx = Vertx.vertx();
  private final ScriptedRedis one = new ScriptedRedis(vertx);
  private final ScriptedRedis two = new ScriptedRedis(vertx);
  private final ScriptedRedis[] sentinels = {
    new ScriptedRedis(vertx), new ScriptedRedis(vertx), new ScriptedRedis(vertx)
  };

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void sentinel_thatKnowsOfANewerFailover_isRight() {
    say(0, one, 4);
    say(1, two, 5);
    say(2, one, 4);
    RedisLane lane = connected(lanes());
    assertEquals("OK", set(lane));
    assertEquals(0, one.connections.get());
    assertTrue(two.connections.get() > 0);
  }

  @Test
  void sentinel_cutOffAndAlone_leadsNobodyBack() {
    Stream.of(0, 1, 2).forEach(each -> say(each, two, 5));
    RedisLanes lanes = lanes();
    RedisLane lane = connected(lanes);
    sentinels[1].primary = new Endpoint("", 0);
    sentinels[2].primary = new Endpoint("", 0);
    say(0, one, 4);
    two.hangUp();
    Await.until("back", () -> two.connections.get() > 1 && lane.status().up());
    assertEquals(0, one.connections.get());
    // Two of three are more than a memory: all state of the sentinels was lost and begun anew.
    say(1, one, 4);
    Await.until("follows most", () -> one.connections.get() > 0 && lane.status().up());
  }

  @Test
  void sentinels_allAway_leaveThePrimaryWhereItWas() {
    Stream.of(0, 1, 2).forEach(each -> say(each, one, 1));
    RedisLane lane = connected(lanes());
    for (ScriptedRedis sentinel : sentinels) {
      sentinel.primary = new Endpoint("", 0);
    }
    one.hangUp();
    Await.until("back", () -> one.connections.get() > 1 && lane.status().up());
    assertEquals("OK", set(lane));
  }

  @Test
  void server_thatIsAReplica_isNotUsed() {
    one.role = "slave";
    Stream.of(0, 1, 2).forEach(each -> say(each, one, 1));
    RedisLane lane = lanes().lane();
    Await.until("refused", () -> lane.status().lastError().equals("not-primary"));
    assertFalse(lane.status().up());
    one.role = "master";
    Await.until("up", () -> lane.status().up());
  }

  @Test
  void server_thatSaysReadonly_isLeftAndAskedForItsRole() {
    Stream.of(0, 1, 2).forEach(each -> say(each, one, 1));
    RedisLane lane = connected(lanes());
    one.answer = "-READONLY You can't write against a read only replica.\r\n";
    RedisException refused =
        (RedisException)
            Await.failure(lane.call(List.of("SET".getBytes(UTF_8)), Duration.ofSeconds(1)));
    assertEquals("READONLY", refused.code());
    Stream.of(0, 1, 2).forEach(each -> say(each, two, 2));
    Await.until("moved", () -> two.connections.get() > 0 && lane.status().up());
    assertEquals("OK", set(lane));
  }

  @Test
  void move_whileTheOldPrimaryLives_isFollowed() {
    Stream.of(0, 1, 2).forEach(each -> say(each, one, 1));
    RedisLane lane = connected(lanes());
    Stream.of(0, 1, 2).forEach(each -> say(each, two, 2));
    Await.until("moved", () -> two.connections.get() > 0 && lane.status().up());
    assertEquals("OK", set(lane));
  }

  private void say(int sentinel, ScriptedRedis primary, long epoch) {
    sentinels[sentinel].epoch = epoch;
    sentinels[sentinel].primary = primary.place();
  }

  private static RedisLane connected(RedisLanes lanes) {
    RedisLane lane = lanes.lane();
    Await.until("connected", () -> lane.status().up());
    return lane;
  }

  private static String set(RedisLane lane) {
    return Await.value(lane.call(List.of("SET".getBytes(UTF_8)), Duration.ofSeconds(1))).text();
  }

  private RedisLanes lanes() {
    SentinelConfig config =
        new SentinelConfig(
            Stream.of(sentinels).map(ScriptedRedis::place).toList(), "state", "", new Secret(""));
    return new RedisLanes(
        vertx,
        new RedisConfig(
            "ignored.invalid",
            1,
            "",
            new Secret(""),
            0,
            Duration.ofSeconds(1),
            64,
            false,
            Optional.empty(),
            config),
        LanePolicy.forState(),
        new SimpleMeterRegistry());
  }
}
