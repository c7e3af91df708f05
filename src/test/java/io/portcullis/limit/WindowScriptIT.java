package io.portcullis.limit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.limit.WindowScript.Verdict;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLane;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.portcullis.redis.Script;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The script in a real Redis, with the clock in the test's hands. */
class WindowScriptIT {
  private static final Duration WINDOW = Duration.ofMinutes(2);
  private static final long WINDOW_MICROS = WINDOW.toNanos() / 1_000;
  private static final long WIDTH = StrictWindow.widthMicros(WINDOW);
  private static final int BATCH = 400;

  private static Vertx vertx;
  private static RedisServer redis;
  private static RedisLanes lanes;
  private static RedisLane lane;
  private static Script script;

  @BeforeAll
  static void start() throws IOException {
    vertx = Vertx.vertx();
    redis = RedisServer.start();
    lanes =
        new RedisLanes(
            vertx,
            new RedisConfig(
                "127.0.0.1", redis.port(), "", new Secret(""), 0, Duration.ofSeconds(1), 10_000),
            new LanePolicy(5, Duration.ofSeconds(1), Duration.ofSeconds(1)),
            new SimpleMeterRegistry());
    lane = lanes.lane();
    try (InputStream in = WindowScript.class.getResourceAsStream("strict-window.lua")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      String timed = text.replace("call('TIME')", "{ARGV[2], ARGV[3]}");
      assertTrue(!timed.equals(text));
      script = Script.of(timed);
    }
  }

  @AfterAll
  static void stop() {
    Await.value(lanes.close());
    Await.value(vertx.close());
    redis.close();
  }

  @Test
  void script_randomTimesAndCosts_decidesExactlyLikeTheJavaWindow(TestInfo info) {
    Random random = seeded(info);
    for (int round = 0; round < 40; round++) {
      int max = 1 + random.nextInt(50);
      long step = 1 + WINDOW_MICROS / (1 + random.nextInt(200));
      StrictWindow window = new StrictWindow(WIDTH);
      long now = (1L << 50) + random.nextLong(1L << 40);
      List<Long> times = new ArrayList<>();
      List<Integer> costs = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        now += random.nextLong(step);
        times.add(now);
        costs.add(1 + random.nextInt(Math.min(max, 6)));
      }
      List<Verdict> verdicts = run("same" + round, max, WIDTH, times, costs);
      for (int i = 0; i < BATCH; i++) {
        long at = times.get(i);
        int cost = costs.get(i);
        Verdict verdict = verdicts.get(i);
        long wait = window.waitMicros(at, max, cost);
        if (wait == 0) {
          window.charge(at, cost);
        }
        String step0 = "round " + round + " step " + i;
        assertEquals(at, verdict.atMicros(), step0);
        assertEquals(wait, verdict.waitMicros(), step0);
        assertEquals(wait == 0 ? -1 : 0, verdict.violated(), step0);
        assertEquals(max - window.used(at), verdict.left(0), step0);
        if (window.used(at) > 0) {
          assertEquals(window.resetMicros(at), verdict.resetMicros(0), step0);
        }
      }
    }
  }

  @Test
  void script_clockJumpsBackAndForth_noWindowOfElapsedTimeExceedsTheMaximum(TestInfo info) {
    Random random = seeded(info);
    for (int round = 0; round < 40; round++) {
      int max = 1 + random.nextInt(50);
      WindowOracle oracle = new WindowOracle(WINDOW_MICROS);
      long now = 1L << 50;
      long passed = 0;
      List<Long> times = new ArrayList<>();
      List<Long> elapsed = new ArrayList<>();
      List<Integer> costs = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        long jump =
            switch (random.nextInt(40)) {
              case 0 -> -random.nextLong(WINDOW_MICROS / 2);
              case 1 -> -random.nextLong(40 * WINDOW_MICROS);
              case 2 -> random.nextLong(3 * WINDOW_MICROS);
              default -> random.nextLong(WINDOW_MICROS / 40);
            };
        now += jump;
        passed += Math.max(0, jump);
        times.add(now);
        elapsed.add(passed);
        costs.add(1 + random.nextInt(Math.min(max, 5)));
      }
      List<Verdict> verdicts = run("jump" + round, max, WIDTH, times, costs);
      for (int i = 0; i < BATCH; i++) {
        if (verdicts.get(i).violated() < 0) {
          oracle.admitted(elapsed.get(i), costs.get(i));
        }
      }
      assertTrue(oracle.most() <= max, "round " + round);
    }
  }

  @Test
  void script_windowLengthChanged_countsWhatWasSpent() {
    long now = 1L << 50;
    run("changed", 10, WIDTH, List.of(now, now + 3 * WIDTH), List.of(4, 3));
    long other = WIDTH / 4;
    List<Verdict> verdicts =
        run("changed", 10, other, List.of(now + 3 * WIDTH + 1, now + 3 * WIDTH + 2), List.of(4, 3));
    assertEquals(0, verdicts.get(0).violated());
    assertTrue(verdicts.get(0).waitMicros() <= 17 * other);
    assertEquals(-1, verdicts.get(1).violated());
  }

  @Test
  void script_maximumLowered_refusesUntilEnoughHasLeft() {
    long now = 1L << 50;
    run("lowered", 10, WIDTH, List.of(now), List.of(8));
    Verdict verdict = run("lowered", 5, WIDTH, List.of(now + 1), List.of(1)).getFirst();
    assertEquals(0, verdict.violated());
    assertEquals(-3, verdict.left(0));
  }

  @Test
  void script_steadySaturation_usesFifteenSixteenths() {
    int max = 64;
    List<Long> times = new ArrayList<>();
    List<Integer> costs = new ArrayList<>();
    long start = 1L << 50;
    int windows = 20;
    int calls = windows * max * 4;
    for (int i = 0; i < calls; i++) {
      times.add(start + i * (WINDOW_MICROS / (max * 4L)));
      costs.add(1);
    }
    long admitted =
        run("steady", max, WIDTH, times, costs).stream().filter(v -> v.violated() < 0).count();
    assertTrue(admitted >= 15.0 / 16 * max * windows, admitted + " of " + max * windows);
  }

  private static List<Verdict> run(
      String key, int max, long width, List<Long> times, List<Integer> costs) {
    List<Verdict> verdicts = new ArrayList<>();
    List<Future<Reply>> calls = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      ByteBuffer args = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
      args.putDouble(costs.get(i)).putDouble(max).putDouble((double) width);
      calls.add(
          lane.evalsha(
              script,
              List.of("pc:{test}:" + key),
              List.of(
                  args.array(),
                  Long.toString(times.get(i) / 1_000_000).getBytes(US_ASCII),
                  Long.toString(times.get(i) % 1_000_000).getBytes(US_ASCII)),
              Duration.ofSeconds(5)));
      if (calls.size() == BATCH || i == times.size() - 1) {
        calls.forEach(call -> verdicts.add(new Verdict(Await.value(call).bytes())));
        calls.clear();
      }
    }
    return verdicts;
  }

  private static Random seeded(TestInfo info) {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    System.err.println(info.getDisplayName() + ": -Dportcullis.seed=" + seed);
    return new Random(seed);
  }
}
