package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.WafConfig;
import io.portcullis.testing.Await;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From an attack to the counter, the trail and the masked log, through the real Nginx. */
@Timeout(120)
final class WafLogIT {
  private static final String SECRET = "hunter2-very-secret";

  private static WafEdge edge;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<WafBlock> trail = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() {
    edge = WafEdge.ours("waf-log");
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void attack_inEachPhase_isCountedRecordedAndMaskedWithinTwoSeconds() throws IOException {
    deploy();
    try {
      long begin = System.nanoTime();
      attack("GET", "/api/v1/me?access_token=" + SECRET, Map.of(), "");
      attack(
          "POST",
          "/api/v1/reports",
          Map.of(
              "Content-Type", "application/json",
              "Authorization", "Bearer " + SECRET,
              "Cookie", "session=" + SECRET),
          "{\"password\":\"" + SECRET + "' or '1'='1\",\"x\":\"<script>" + SECRET + "</script>\"}");
      attack(
          "POST",
          "/ai/v1/chat/completions",
          Map.of("Content-Type", "application/json"),
          "{\"messages\":[{\"role\":\"<script>alert(1)\",\"content\":\""
              + SECRET
              + "; select 1 union select 2\"}]}");
      Await.until("three refused requests in the trail", () -> trail.size() >= 3);
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      assertTrue(took.toSeconds() < 10, "it took " + took);
      assertEquals(List.of("GET", "POST", "POST"), trail.stream().map(WafBlock::method).toList());
      assertTrue(trail.getFirst().rules().contains(15001), trail.toString());
      assertEquals("/api/v1/me", trail.getFirst().path());
      assertEquals("token", trail.getFirst().group());
      Await.until("an empty raw log", () -> size(edge.rawLog()) == 0);
      assertEquals(3, trail.size(), "each once");
      assertEquals(3, counted());
    } finally {
      Await.value(vertx.close());
    }
    String masked = Files.readString(folder.resolve("waf.json"));
    assertTrue(masked.contains("\"15001\""), masked);
    try (Stream<Path> logs = Files.walk(edge.system().edge().settings().logs())) {
      for (Path log : logs.filter(Files::isRegularFile).toList()) {
        assertFalse(Files.readString(log).contains(SECRET), log + " keeps a secret");
      }
    }
    assertFalse(masked.contains(SECRET), masked);
    try (Stream<Path> rest = Files.walk(folder)) {
      assertEquals(2, rest.count(), "nothing but the folder and the masked log");
    }
  }

  private void deploy() {
    WafConfig config =
        new WafConfig(
            Optional.of(edge.rawLog()),
            Optional.of(folder.resolve("waf.json")),
            1 << 20,
            2,
            Duration.ofMillis(100));
    Await.value(
        vertx.deployVerticle(
            new WafLogVerticle(config, trail::add, meters, Clock.systemUTC()),
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
  }

  private static void attack(String method, String target, Map<String, String> headers, String body)
      throws IOException {
    try (io.portcullis.testing.RawHttp raw = edge.system().raw()) {
      raw.send(Attack.request(method, target, headers, body));
      io.portcullis.testing.RawHttp.Answer answer = raw.read();
      assertEquals(403, answer.status());
      JsonObject problem = new JsonObject(answer.body());
      assertEquals("https://portcullis.dev/problems/request-blocked", problem.getString("type"));
      assertEquals(answer.header("x-request-id"), problem.getString("request_id"));
    }
  }

  private double counted() {
    return meters.find("portcullis.waf.blocks").counters().stream()
        .mapToDouble(io.micrometer.core.instrument.Counter::count)
        .sum();
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
