package io.portcullis.limit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.LimitConfig;
import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import io.portcullis.model.Decision;
import io.portcullis.model.Decision.Mode;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.RedisUsers;
import io.vertx.core.DeploymentOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The shared limits while a real Redis is slow, away, wrong or coming back. */
class RedisOutageIT {
  private static final Duration DEADLINE = Duration.ofMillis(25);

  /** Two busy cores and a garbage collector: what may be added to a deadline here. */
  private static final Duration SLACK = Duration.ofMillis(120);

  private static final Admission REQUEST = new Admission("abcdefghijklm", "10.0.0.1", "alice", 1);

  @Test
  void stop_underLoad_isAnsweredInTimeByTheShareAndRecoversByItself() {
    try (RedisServer redis = RedisServer.start();
        LimiterNode node = node(redis, Outage.LOCAL)) {
      List<String> transitions = new CopyOnWriteArrayList<>();
      RateLimitVerticle verticle =
          new RateLimitVerticle(
              node.lanes,
              node.limiter,
              (from, to, reason) -> transitions.add(from + ">" + to + " " + reason),
              node.meters);
      Await.value(node.vertx.deployVerticle(verticle, new DeploymentOptions()));
      ConcurrentLinkedQueue<Decision> answers = new ConcurrentLinkedQueue<>();
      List<Running> load = load(node, Duration.ofSeconds(4), answers);
      redis.signal("STOP");
      Await.until("local", () -> count(answers, Mode.LOCAL) > 200);
      assertFalse(node.lanes.status().up());
      Await.until("reported", () -> verticle.status().mode() == Mode.LOCAL);
      redis.signal("CONT");
      assertRecovery(node, load, answers);
      Await.until("reported", () -> verticle.status().mode() == Mode.REDIS);
      assertEquals("REDIS>LOCAL timeout", transitions.getFirst());
      assertEquals("LOCAL>REDIS recovered", transitions.getLast());
    }
  }

  @Test
  void kill_underLoad_isAnsweredByTheShareAndRecoversAfterARestart() {
    try (RedisServer redis = RedisServer.start();
        LimiterNode node = node(redis, Outage.LOCAL)) {
      ConcurrentLinkedQueue<Decision> answers = new ConcurrentLinkedQueue<>();
      List<Running> load = load(node, Duration.ofMillis(3_500), answers);
      redis.signal("KILL");
      Await.until("local", () -> count(answers, Mode.LOCAL) > 100);
      Await.until("known", () -> !node.lanes.status().up());
      redis.restart();
      assertRecovery(node, load, answers);
    }
  }

  @Test
  void stop_limitSaysClosed_isUnavailableAndNotTooMany() {
    try (RedisServer redis = RedisServer.start();
        LimiterNode node = node(redis, Outage.CLOSED)) {
      redis.signal("STOP");
      Rejection rejection = (Rejection) node.refusal(REQUEST);
      assertSame(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
      assertEquals("limiter-unavailable", rejection.reason());
      redis.signal("CONT");
    }
  }

  @Test
  void stop_limitsSayOpen_admitsUncounted() {
    try (RedisServer redis = RedisServer.start();
        LimiterNode node = node(redis, Outage.OPEN)) {
      redis.signal("STOP");
      Decision decision = node.admit(REQUEST);
      assertTrue(decision.admitted());
      assertSame(Mode.OPEN, decision.mode());
      redis.signal("CONT");
    }
  }

  @Test
  void password_wrong_isLocalAndTheStatusSaysWhy() {
    try (RedisServer redis = RedisServer.start("--requirepass", "right");
        LimiterNode node =
            new LimiterNode(
                limits(Outage.LOCAL),
                LimiterNode.redis(redis.port(), "", "wrong"),
                1,
                (charges, cost, verdict) -> {})) {
      assertSame(Mode.LOCAL, node.admit(REQUEST).mode());
      Await.until("known", () -> node.lanes.status().lastError().equals("WRONGPASS"));
      assertFalse(node.lanes.status().up());
    }
  }

  @Test
  void start_withoutRedis_isLocalUntilItComes() {
    RedisServer redis = RedisServer.start();
    redis.signal("KILL");
    try (redis;
        LimiterNode node =
            new LimiterNode(
                limits(Outage.LOCAL),
                LimiterNode.redis(redis.port(), "", ""),
                1,
                (charges, cost, verdict) -> {})) {
      assertSame(Mode.LOCAL, node.admit(REQUEST).mode());
      Await.until("known", () -> node.lanes.status().lastError().equals("connection-refused"));
      redis.restart();
      Await.until("by Redis", () -> node.admit(REQUEST).mode() == Mode.REDIS);
      assertTrue(node.lanes.status().up());
    }
  }

  @Test
  void rightsInContainers_areEnoughAndNoMore() {
    try (RedisServer redis = RedisServer.start()) {
      RedisUsers.install(redis, "limits", "portcullis", "secret");
      assertEquals("+OK", redis.command("ACL SETUSER default off"));
      try (LimiterNode node =
          new LimiterNode(
              limits(Outage.CLOSED),
              LimiterNode.redis(redis.port(), "portcullis", "secret"),
              1,
              (charges, cost, verdict) -> {})) {
        node.warm();
        assertSame(Mode.REDIS, node.admit(REQUEST).mode());
        assertSame(Mode.REDIS, node.admit(REQUEST).mode());
        Throwable refused =
            Await.failure(
                node.lanes
                    .lane()
                    .call(
                        List.of("GET".getBytes(UTF_8), "pc:{-}:x".getBytes(UTF_8)),
                        Duration.ofSeconds(1)));
        assertTrue(refused.toString().contains("NOPERM"), refused.toString());
      }
    }
  }

  /** One caller on each event loop, for some time; it has begun. */
  private static List<Running> load(
      LimiterNode node, Duration time, ConcurrentLinkedQueue<Decision> answers) {
    List<Running> load =
        node.loops.stream()
            .map(loop -> Running.start(node, loop, () -> REQUEST, time, answers::add))
            .toList();
    Await.until("load", () -> answers.size() > 50);
    return load;
  }

  /** Redis decides again, and all were answered in time whoever decided. */
  private static void assertRecovery(
      LimiterNode node, List<Running> load, ConcurrentLinkedQueue<Decision> answers) {
    Await.until("recovered", () -> node.lanes.status().up());
    int before = count(answers, Mode.REDIS);
    Await.until("by Redis again", () -> count(answers, Mode.REDIS) > before + 50);
    load.forEach(Running::await);
    for (Running running : load) {
      assertTrue(
          running.slowest().compareTo(DEADLINE.plus(SLACK)) < 0, "slowest " + running.slowest());
    }
    assertTrue(answers.stream().allMatch(Decision::admitted));
  }

  private static int count(ConcurrentLinkedQueue<Decision> answers, Mode mode) {
    return (int) answers.stream().filter(decision -> decision.mode() == mode).count();
  }

  private static LimiterNode node(RedisServer redis, Outage outage) {
    return new LimiterNode(
            limits(outage),
            LimiterNode.redis(redis.port(), "", ""),
            2,
            (charges, cost, verdict) -> {})
        .warm();
  }

  private static LimitConfig limits(Outage outage) {
    Policy policy = new Policy(1_000_000, Duration.ofSeconds(1), outage);
    return new LimitConfig(
        policy, policy, policy, policy, DEADLINE, 5, Duration.ofMillis(200), 1, 1_000);
  }
}
