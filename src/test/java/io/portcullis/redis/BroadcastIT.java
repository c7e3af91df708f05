package io.portcullis.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Messages between two nodes over a real Redis, which loses their connections and goes away. */
final class BroadcastIT {
  private static RedisServer server;

  private final Vertx vertx = Vertx.vertx();

  @BeforeAll
  static void start() {
    server = RedisServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  /** A node that listens to two topics. */
  private final class Node {
    final List<String> heard = new CopyOnWriteArrayList<>();
    final AtomicInteger gaps = new AtomicInteger();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final RedisLanes lanes;
    final Broadcast broadcast;

    Node(String user, String password) {
      RedisConfig config =
          new RedisConfig(
              "127.0.0.1", server.port(), user, new Secret(password), 3, Duration.ofSeconds(1), 64);
      lanes = new RedisLanes(vertx, config, LanePolicy.forState(), meters, "state");
      broadcast = new Broadcast(vertx, config, lanes, meters);
      broadcast.listen("a", text -> heard.add("a:" + text), gaps::incrementAndGet);
      broadcast.listen(
          "b",
          text -> {
            heard.add("b:" + text);
            throw new IllegalStateException("a listener's fault");
          },
          () -> {});
      Await.value(broadcast.start());
    }

    void awaitConnected() {
      Await.until("connected", broadcast::connected);
    }

    void awaitHeard(String... messages) {
      Await.until(
          () -> heard.equals(List.of(messages)), Duration.ofSeconds(5), () -> "heard " + heard);
    }
  }

  @Test
  void publish_reachesAllNodesInOrder_alsoAfterAListenersFault() {
    Node one = new Node("", "");
    Node two = new Node("", "");
    one.awaitConnected();
    two.awaitConnected();
    Await.value(one.broadcast.publish("b", "1"));
    Await.value(one.broadcast.publish("a", "2 ü\r\n"));
    Await.value(one.broadcast.publish("c", "nobody listens"));
    Await.value(one.broadcast.publish("a", "3"));
    one.awaitHeard("b:1", "a:2 ü\r\n", "a:3");
    two.awaitHeard("b:1", "a:2 ü\r\n", "a:3");
    assertEquals(1, two.gaps.get(), "the first connection is a gap as well");
  }

  @Test
  void connection_killed_isReplacedAndReportedAsAGap() {
    Node node = new Node("", "");
    node.awaitConnected();
    for (int round = 2; round < 5; round++) {
      int gaps = round;
      server.command("CLIENT", "KILL", "TYPE", "pubsub");
      Await.until(
          () -> node.gaps.get() == gaps,
          Duration.ofSeconds(3),
          () -> node.gaps.get() + " gaps instead of " + gaps);
      node.heard.clear();
      Await.value(node.broadcast.publish("a", "x"));
      node.awaitHeard("a:x");
    }
  }

  @Test
  void redis_killedAndBack_isFoundAgain() {
    Node node = new Node("", "");
    node.awaitConnected();
    server.signal("KILL");
    Await.until("notices", () -> !node.broadcast.connected());
    assertEquals(0, node.meters.get("portcullis.broadcast.connected").gauge().value());
    assertTrue(Await.failure(node.broadcast.publish("a", "lost")) instanceof RedisException);
    server.restart();
    node.awaitConnected();
    Await.until(
        "publishes again",
        () -> Await.value(node.broadcast.publish("a", "x").map(sent -> true).otherwise(false)));
  }

  @Test
  void login_refused_keepsTrying_andLeavesNoConnectionsBehind() {
    Node node = new Node("nobody", "not the password of it");
    var failures = node.meters.get("portcullis.broadcast.failures").counter();
    Await.until("tries again and again", () -> failures.count() >= 4);
    assertFalse(node.broadcast.connected());
    assertEquals(0, node.gaps.get());
    String killed = server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    assertTrue(Long.parseLong(killed.substring(1)) <= 1, killed);
  }

  @Test
  void close_endsTheConnection_andNobodyIsCalled() {
    Node node = new Node("", "");
    node.awaitConnected();
    Await.value(node.broadcast.close());
    Await.until("no subscriber", () -> server.command("PUBLISH", "pc:a", "late").equals(":0"));
    assertEquals(List.of(), node.heard);
  }

  @Test
  void listen_twiceOrAfterStart_isOurMistake() {
    Node node = new Node("", "");
    assertThrows(
        IllegalStateException.class, () -> node.broadcast.listen("late", text -> {}, () -> {}));
    Broadcast fresh =
        new Broadcast(
            vertx,
            new RedisConfig("127.0.0.1", 1, "", new Secret(""), 0, Duration.ofSeconds(1), 1),
            node.lanes,
            node.meters);
    fresh.listen("a", text -> {}, () -> {});
    assertThrows(IllegalArgumentException.class, () -> fresh.listen("a", text -> {}, () -> {}));
  }
}
