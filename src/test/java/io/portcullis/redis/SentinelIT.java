package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.config.SentinelConfig;
import io.portcullis.testing.Await;
import io.portcullis.testing.Sentinels;
import io.portcullis.testing.TestAuthority;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lanes and messages follow the primary of real servers and sentinels, all by TLS. In order,
 * because what moved stays moved.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class SentinelIT {
  private static final Duration PROMISED = Duration.ofSeconds(10);

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private static Path folder;

  private static Sentinels system;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger gaps = new AtomicInteger();
  private RedisLanes lanes;
  private Broadcast broadcast;

  @BeforeAll
  static void startAll() {
    system = Sentinels.start(folder, new TestAuthority("root of redis"));
    system.awaitAgreement();
  }

  @AfterAll
  static void stopAll() {
    system.close();
  }

  @BeforeEach
  void start() {
    RedisConfig config = config();
    lanes = new RedisLanes(vertx, config, LanePolicy.forState(), meters, "state");
    broadcast = new Broadcast(vertx, config, lanes, meters);
    broadcast.listen("a", heard::add, gaps::incrementAndGet);
    Await.value(broadcast.start());
    Await.until("connected", () -> lanes.lane().status().up() && broadcast.connected());
  }

  @AfterEach
  void close() {
    Await.value(broadcast.close().eventually(lanes::close).eventually(vertx::close));
  }

  @Test
  @Order(1)
  void primary_killed_isFollowedInTime() {
    assertEquals("OK", Await.value(call("SET", "pc:kept", "1")).text());
    assertEquals(3, meters.get("portcullis.redis.sentinels").gauge().value());
    system.server(0).signal("KILL");
    long began = System.nanoTime();
    AtomicInteger failed = new AtomicInteger();
    Await.until(() -> works(failed), PROMISED, () -> "not followed: " + lanes.status());
    long served = millisSince(began);
    Await.until(
        () -> broadcast.connected() && gaps.get() == 2,
        PROMISED.minusMillis(served),
        () -> "messages do not follow");
    System.out.printf(
        "primary killed: calls after %d ms (%d failed meanwhile), messages after %d ms%n",
        served, failed.get(), millisSince(began));
    assertTrue(failed.get() > 0, "nobody noticed");
    assertEquals("1", Await.value(call("GET", "pc:kept")).text());
    Await.value(broadcast.publish("a", "after"));
    Await.until("heard", () -> heard.contains("after"));
    assertEquals(1, meters.get("portcullis.redis.primary.moves").counter().count());
  }

  /** It begins as a primary, until the sentinels see to it; nobody here takes it for the one. */
  @Test
  @Order(2)
  void formerPrimary_thatComesBack_isNotGoneBackTo() {
    system.server(0).restart();
    assertTrue(system.server(0).command("ROLE").startsWith("*3"), "it thinks it is a primary");
    RedisLanes later =
        new RedisLanes(vertx, config(), LanePolicy.forState(), new SimpleMeterRegistry());
    Await.until("connected", () -> later.lane().status().up());
    assertEquals("1", Await.value(call(later, "GET", "pc:kept")).text());
    Await.value(later.close());
    assertEquals("1", Await.value(call("GET", "pc:kept")).text());
    assertEquals(0, meters.get("portcullis.redis.primary.moves").counter().count());
  }

  @Test
  @Order(3)
  void sentinel_killed_isNotMissed() {
    system.killSentinel(0);
    Await.until("noticed", () -> meters.get("portcullis.redis.sentinels").gauge().value() == 2);
    lanes.close();
    lanes = new RedisLanes(vertx, config(), LanePolicy.forState(), new SimpleMeterRegistry());
    Await.until("connected", () -> lanes.lane().status().up());
    assertEquals("1", Await.value(call("GET", "pc:kept")).text());
  }

  private boolean works(AtomicInteger failed) {
    if (Await.outcome(call("SET", "pc:tried", "1"))) {
      return true;
    }
    failed.incrementAndGet();
    return false;
  }

  private Future<Reply> call(String... words) {
    return call(lanes, words);
  }

  private static Future<Reply> call(RedisLanes through, String... words) {
    return through
        .lane()
        .call(
            List.of(words).stream().map(word -> word.getBytes(UTF_8)).toList(),
            Duration.ofMillis(500));
  }

  private static long millisSince(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos).toMillis();
  }

  private static RedisConfig config() {
    List<Endpoint> sentinels =
        system.ports().stream().map(port -> new Endpoint("localhost", port)).toList();
    return new RedisConfig(
        "ignored.invalid",
        1,
        "",
        new Secret(""),
        0,
        Duration.ofSeconds(1),
        64,
        true,
        Optional.of(system.trust()),
        new SentinelConfig(
            sentinels, Sentinels.NAME, Sentinels.ASKER, new Secret(Sentinels.PASSWORD)));
  }
}
