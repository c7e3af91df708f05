package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.LimitConfig;
import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.EmptyRedis;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The shared limits with a real Redis that is well. */
class RedisRateLimiterIT {
  private static final String TENANT = "abcdefghijklm";
  private static final Duration WINDOW = Duration.ofSeconds(1);

  @RegisterExtension static final EmptyRedis REDIS = new EmptyRedis();

  @Test
  void admit_randomLoadFromTwoNodes_noWindowExceedsAnyLimit() {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    System.err.println("-Dportcullis.seed=" + seed);
    LimitConfig limits = limits(0, 40, 100);
    Map<String, WindowOracle> logs = new ConcurrentHashMap<>();
    Map<String, Long> maxima = new ConcurrentHashMap<>();
    AtomicInteger wrongModes = new AtomicInteger();
    VerdictObserver observer =
        (charges, cost, verdict) -> {
          for (Charge charge : charges) {
            maxima.put(charge.key(), charge.rule().max());
            if (verdict.violated() < 0) {
              WindowOracle log =
                  logs.computeIfAbsent(
                      charge.key(), key -> new WindowOracle(WINDOW.toNanos() / 1_000));
              synchronized (log) {
                log.admitted(verdict.atMicros(), cost);
              }
            }
          }
        };
    try (LimiterNode one = node(limits, 2, observer);
        LimiterNode two = node(limits, 2, observer)) {
      List<Running> running = new ArrayList<>();
      for (LimiterNode node : List.of(one, two)) {
        for (Context loop : node.loops) {
          for (int i = 0; i < 4; i++) {
            Random random = new Random(seed + running.size());
            running.add(
                Running.start(
                    node,
                    loop,
                    () ->
                        new Admission(
                            TENANT, "10.0.0.1", "user" + random.nextInt(4), 1 + random.nextInt(3)),
                    Duration.ofSeconds(3),
                    decision -> {
                      if (decision.mode() != Decision.Mode.REDIS) {
                        wrongModes.incrementAndGet();
                      }
                    }));
          }
        }
      }
      running.forEach(Running::await);
    }
    logs.forEach(
        (key, log) -> {
          long max = maxima.getOrDefault(key, 0L);
          assertTrue(log.most() <= max, key + ": " + log.most() + " of " + max);
        });
    WindowOracle tenant = logs.get("pc:{" + TENANT + "}:limit:per-tenant:all");
    assertTrue(tenant != null && tenant.total() > 200, "the load did not exhaust the limit");
    assertTrue(wrongModes.get() < 100, wrongModes + " decisions without Redis");
  }

  @Test
  void admit_moreDemandThanAllowed_usesFifteenSixteenths() {
    LimitConfig limits = limits(0, 200, 0);
    WindowOracle log = new WindowOracle(WINDOW.toNanos() / 1_000);
    long[] span = {Long.MAX_VALUE, 0};
    VerdictObserver observer =
        (charges, cost, verdict) -> {
          if (charges.getFirst().key().contains("alice")) {
            span[0] = Math.min(span[0], verdict.atMicros());
            span[1] = Math.max(span[1], verdict.atMicros());
            if (verdict.violated() < 0) {
              log.admitted(verdict.atMicros(), cost);
            }
          }
        };
    try (LimiterNode node = node(limits, 1, observer)) {
      List<Running> running = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        running.add(
            Running.start(
                node,
                node.loops.getFirst(),
                () -> new Admission(TENANT, "10.0.0.1", "alice", 1),
                Duration.ofMillis(2_600),
                decision -> {}));
      }
      running.forEach(Running::await);
    }
    assertTrue(log.most() <= 200, "most " + log.most());
    double possible = 200.0 * (span[1] - span[0]) / 1_000_000;
    assertTrue(log.total() >= possible * 15 / 16, log.total() + " of " + possible);
  }

  @Test
  void admit_oneLimitRefuses_chargesNoOther() {
    try (LimiterNode node = node(limits(50, 5, 100), 1, (charges, cost, verdict) -> {})) {
      Decision first = node.admit(new Admission(TENANT, "10.0.0.1", "alice", 4));
      assertEquals(List.of(46L, 1L, 96L), remaining(first));
      for (int cost = 4; cost >= 2; cost--) {
        Decision refused = node.admit(new Admission(TENANT, "10.0.0.1", "alice", cost));
        assertFalse(refused.admitted());
        assertEquals("per-user", refused.limits().get(refused.violated()).policy());
        assertEquals(cost == 4, refused.first());
        assertTrue(refused.retryAfterMillis() > 0 && refused.retryAfterMillis() <= 1_063);
      }
      Decision other = node.admit(new Admission(TENANT, "10.0.0.1", "bob", 1));
      assertEquals(List.of(45L, 4L, 95L), remaining(other));
    }
  }

  @Test
  void admit_flood_costsRedisNothing() {
    try (LimiterNode node = node(limits(0, 5, 0), 1, (charges, cost, verdict) -> {})) {
      node.admit(new Admission(TENANT, "10.0.0.1", "alice", 5));
      Decision refused = node.admit(new Admission(TENANT, "10.0.0.1", "alice", 1));
      double before = node.meters.get("portcullis.limit.redis.calls").counter().count();
      for (int i = 0; i < 500; i++) {
        Decision again = node.admit(new Admission(TENANT, "10.0.0.1", "alice", 1 + i % 5));
        assertFalse(again.admitted());
        assertFalse(again.first());
        assertSame(Decision.Mode.REDIS, again.mode());
      }
      assertEquals(before, node.meters.get("portcullis.limit.redis.calls").counter().count());
      Await.until(
          "admitted after " + refused.retryAfterMillis() + " ms",
          () -> node.admit(new Admission(TENANT, "10.0.0.1", "alice", 1)).admitted());
    }
  }

  @Test
  void admit_afterScriptFlush_isDecidedByRedis() {
    try (LimiterNode node = node(limits(10, 10, 10), 1, (charges, cost, verdict) -> {})) {
      assertEquals("+OK", REDIS.command("SCRIPT", "FLUSH"));
      Decision decision = node.admit(new Admission(TENANT, "10.0.0.1", "alice", 1));
      assertSame(Decision.Mode.REDIS, decision.mode());
      assertEquals(List.of(9L, 9L, 9L), remaining(decision));
    }
  }

  @Test
  void admit_costAboveALimit_isInvalidAndChargesNothing() {
    try (LimiterNode node = node(limits(10, 5, 10), 1, (charges, cost, verdict) -> {})) {
      Rejection rejection = (Rejection) node.refusal(new Admission(TENANT, "10.0.0.1", "alice", 6));
      assertSame(Problem.INVALID_REQUEST, rejection.problem());
      Decision decision = node.admit(new Admission(TENANT, "10.0.0.1", "alice", 1));
      assertEquals(List.of(9L, 4L, 9L), remaining(decision));
    }
  }

  @Test
  void admit_hostileSubject_staysInItsPlace() {
    try (LimiterNode node = node(limits(0, 5, 0), 1, (charges, cost, verdict) -> {})) {
      Decision decision =
          node.admit(new Admission(TENANT, "10.0.0.1", "}x:{\r\nFLUSHALL\r\n".repeat(50), 1));
      assertEquals(List.of(4L), remaining(decision));
      assertEquals(":1", REDIS.command("DBSIZE").replace(":2", ":1"));
    }
  }

  @Test
  void keys_expireSoonAfterTheirWindow() {
    try (LimiterNode node = node(limits(5, 5, 5), 1, (charges, cost, verdict) -> {})) {
      node.admit(new Admission(TENANT, "10.0.0.1", "alice", 1));
      long left = ttl("pc:{" + TENANT + "}:limit:per-user:alice");
      assertTrue(left > 900 && left <= 1_126, left + " ms");
      Await.until("nothing left", () -> REDIS.command("DBSIZE").equals(":0"));
    }
  }

  private static long ttl(String key) {
    return Long.parseLong(REDIS.command("PTTL", key).substring(1));
  }

  private static List<Long> remaining(Decision decision) {
    return decision.limits().stream().map(Decision.Limit::remaining).toList();
  }

  private static LimiterNode node(LimitConfig limits, int loops, VerdictObserver observer) {
    return new LimiterNode(limits, LimiterNode.redis(REDIS.port(), "", ""), loops, observer).warm();
  }

  /** A generous deadline: here Redis is well, only the machine may be busy. */
  private static LimitConfig limits(long ip, long user, long tenant) {
    return new LimitConfig(
        policy(ip),
        policy(user),
        policy(tenant),
        policy(0),
        Duration.ofMillis(500),
        50,
        Duration.ofMillis(100),
        1,
        1_000);
  }

  private static Policy policy(long max) {
    return new Policy(max, WINDOW, Outage.LOCAL);
  }
}
