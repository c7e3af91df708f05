package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RedisLaneTest {
  private static final Duration DEADLINE = Duration.ofMillis(40);
  private static final Duration PATIENT = Duration.ofSeconds(5);

  private Vertx vertx;
  private FakeRedis redis;
  private RedisLanes lanes;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    redis = new FakeRedis(vertx);
    lanes = lanes(redis.port());
  }

  @AfterEach
  void stop() {
    Await.value(lanes.close());
    Await.value(vertx.close());
  }

  @Test
  void call_answered_givesTheReply() {
    RedisLane lane = connected();
    Future<Reply> answer = get(lane, "a", PATIENT);
    Await.until("received", () -> redis.commands.contains("GET a"));
    redis.send("$2\r\nhi\r\n");
    assertEquals("hi", Await.value(answer).text());
  }

  @Test
  void call_beforeTheFirstConnection_waitsForIt() {
    Future<Reply> answer = get(lanes.lane(), "a", PATIENT);
    Await.until("received", () -> redis.commands.contains("GET a"));
    redis.send("$2\r\nhi\r\n");
    assertEquals("hi", Await.value(answer).text());
  }

  @Test
  void call_lateReply_isNotTakenForTheNextCommands() {
    RedisLane lane = connected();
    RedisException late = (RedisException) Await.failure(get(lane, "a", DEADLINE));
    assertSame(RedisException.Kind.TIMEOUT, late.kind());
    assertEquals(0, late.getStackTrace().length);
    Future<Reply> second = get(lane, "b", PATIENT);
    Await.until("received", () -> redis.commands.contains("GET b"));
    redis.send("$1\r\nA\r\n$1\r\nB\r\n");
    assertEquals("B", Await.value(second).text());
    assertEquals(1, redis.connections.get());
  }

  @Test
  void call_manyUnanswered_allFailByTheirDeadline() {
    RedisLane lane = connected();
    long start = System.nanoTime();
    List<Future<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      calls.add(get(lane, "k" + i, DEADLINE));
    }
    for (Future<Reply> call : calls) {
      Await.failure(call);
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertTrue(millis >= 30, millis + " ms");
  }

  /** Whoever is told asks again at once, in the middle of the sweep that told him. */
  @Test
  void call_manyThatAskAgainWhenTheyFail_allFailByTheirDeadlinesToo() {
    RedisLanes patient = lanes(redis.port(), 4096, 1000);
    RedisLane lane = patient.lane();
    Await.until("connected", () -> lane.status().up());
    for (int calls = 1; calls <= 61; calls += 5) {
      List<Future<Reply>> twice = many(lane, calls);
      for (Future<Reply> call : twice) {
        assertSame(RedisException.Kind.TIMEOUT, ((RedisException) Await.failure(call)).kind());
      }
      redis.send("$1\r\nA\r\n".repeat(2 * calls)); // too late, and the queue is empty again
    }
    Await.value(patient.close());
  }

  @Test
  void breaker_manyLateAtOnce_isOneFailure() {
    RedisLane lane = connected();
    List<Future<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(get(lane, "k" + i, DEADLINE));
    }
    calls.forEach(Await::failure);
    Future<Reply> next = get(lane, "b", PATIENT);
    Await.until("sent all the same", () -> redis.commands.contains("GET b"));
    assertFalse(next.isComplete());
  }

  @Test
  void call_moreThanMayBePending_failsAtOnce() {
    RedisLane lane = connected();
    List<Future<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      calls.add(get(lane, "k", PATIENT));
    }
    RedisException full = (RedisException) Await.failure(calls.getLast());
    assertSame(RedisException.Kind.FULL, full.kind());
    assertFalse(calls.getFirst().isComplete());
  }

  @Test
  void call_connectionLost_failsAtOnceAndReconnects() {
    RedisLane lane = connected();
    Future<Reply> call = get(lane, "a", PATIENT);
    Await.until("received", () -> redis.commands.contains("GET a"));
    redis.send("nonsense\r\n");
    assertSame(RedisException.Kind.AWAY, ((RedisException) Await.failure(call)).kind());
    Await.until("reconnected", () -> redis.connections.get() == 2 && lane.status().up());
    assertEquals("protocol", lane.status().lastError());
  }

  @Test
  void call_errorReply_failsWithItsCode() {
    RedisLane lane = connected();
    Future<Reply> call = get(lane, "a", PATIENT);
    Await.until("received", () -> redis.commands.contains("GET a"));
    redis.send("-WRONGTYPE Operation against a key\r\n");
    RedisException refused = (RedisException) Await.failure(call);
    assertSame(RedisException.Kind.REFUSED, refused.kind());
    assertEquals("WRONGTYPE", refused.code());
    assertTrue(lane.status().up());
  }

  @Test
  void breaker_afterTimeouts_opensAndAProbeClosesIt() {
    RedisLane lane = connected();
    redis.pongs = false;
    for (int i = 0; i < 3; i++) {
      Await.failure(get(lane, "a", DEADLINE));
    }
    RedisException open = (RedisException) Await.failure(get(lane, "b", PATIENT));
    assertSame(RedisException.Kind.OPEN, open.kind());
    assertFalse(lane.status().up());
    assertEquals("timeout", lane.status().lastError());
    redis.pongs = true;
    Await.until("probed on a new or the old connection", () -> lane.status().up());
  }

  @Test
  void heartbeat_unansweredWithoutTraffic_isSeenInTheStatus() {
    RedisLane lane = connected();
    redis.pongs = false;
    Await.until("down", () -> !lane.status().up());
    redis.pongs = true;
    Await.until("up", () -> lane.status().up());
  }

  @Test
  void connect_refused_saysSoAndDoesNotStorm() {
    redis.hangsUp = true;
    RedisLane lane = lanes.lane();
    Await.until("six attempts", () -> redis.connections.get() >= 6);
    // The pauses before attempts 2 to 6 are at least 25, 50, 100, 200 and 400 ms.
    Duration since = Duration.between(lane.status().since(), java.time.Instant.now());
    assertTrue(since.toMillis() >= 700, since.toString());
    assertEquals("connection-lost", lane.status().lastError());
    assertSame(
        RedisException.Kind.AWAY, ((RedisException) Await.failure(get(lane, "a", PATIENT))).kind());
  }

  @Test
  void status_ofAllLanes_isTheWorst() {
    assertFalse(lanes.status().up());
    RedisLane one = connected();
    assertTrue(lanes.status().up());
    assertSame(one.status(), lanes.status());
  }

  /** Sent on the lane's own event loop, so that its answers are told there too. */
  private static List<Future<Reply>> many(RedisLane lane, int calls) {
    Promise<List<Future<Reply>>> sent = Promise.promise();
    lane.call(List.of("PING".getBytes(UTF_8)), PATIENT)
        .onComplete(
            pong -> {
              List<Future<Reply>> twice = new ArrayList<>();
              for (int i = 0; i < calls; i++) {
                twice.add(get(lane, "k", DEADLINE).recover(late -> get(lane, "k", DEADLINE)));
              }
              sent.complete(twice);
            });
    return Await.value(sent.future());
  }

  private RedisLane connected() {
    RedisLane lane = lanes.lane();
    Await.until("connected", () -> lane.status().up());
    return lane;
  }

  private static Future<Reply> get(RedisLane lane, String key, Duration deadline) {
    return lane.call(List.of("GET".getBytes(UTF_8), key.getBytes(UTF_8)), deadline);
  }

  private RedisLanes lanes(int port) {
    return lanes(port, 64, 3);
  }

  private RedisLanes lanes(int port, int maxPending, int failures) {
    return new RedisLanes(
        vertx,
        new RedisConfig(
            "127.0.0.1", port, "", new Secret(""), 0, Duration.ofSeconds(1), maxPending),
        new LanePolicy(failures, Duration.ofMillis(100), DEADLINE),
        new SimpleMeterRegistry());
  }
}
