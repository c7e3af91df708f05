package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalCertificates;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.Monitoring;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Rules and dashboards against a real node and a real Prometheus (Debian's package): their unit
 * tests hold, Prometheus takes them, and every name of ours that they use is one that a node tells.
 */
@Timeout(300)
final class MonitoringIT {
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");

  /** What is not there before it happens for the first time, or not on every node. */
  private static final Map<String, String> LATER =
      Map.of(
          "portcullis_tls_peers_refused_total", "a certificate is refused",
          "portcullis_requests_malformed_total", "something is no request",
          "portcullis_dead_letters", "there are queues");

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private static LocalCertificates certificates;
  private static TestNode node;
  private static String metrics;

  @BeforeAll
  static void start() {
    Path folder = TestSystem.scratch("monitored");
    certificates = EdgeSystem.certificates(folder);
    List<String> settings = new ArrayList<>(EdgeNode.certificate(certificates));
    settings.addAll(List.of("WAF_AUDIT_LOG", folder.resolve("waf.json").toString()));
    node = TestNode.start("monitored", settings.toArray(String[]::new));
    Api alice = node.as("alice");
    assertEquals(200, alice.get("/api/v1/me").status());
    assertEquals(200, alice.get("/api/v1/conversations").status());
    // Pauses are told from the first one on.
    System.gc();
    Await.until(
        "a pause of the garbage collector",
        () -> node.management("/metrics").text().contains("jvm_gc_pause_seconds_sum"));
    metrics = node.management("/metrics").text();
  }

  @AfterAll
  static void stop() {
    node.close();
    certificates.close();
  }

  @Test
  void configuration_andRules_areValid() throws Exception {
    promtool("", "check", "config", "--lint=all", "--lint-fatal", "prometheus/prometheus.yml");
  }

  @Test
  void unitTests_ofAllRules_hold() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("test", "rules"));
    Monitoring.files("tests", ".yml").forEach(file -> arguments.add(file.toString()));
    promtool("", arguments.toArray(String[]::new));
  }

  @Test
  void metrics_ofANode_areAsPrometheusWantsThem() throws Exception {
    promtool(metrics, "check", "metrics");
  }

  @Test
  void names_thatRulesAndDashboardsUse_areToldByANode() {
    Set<String> told = told();
    Set<String> unknown = new TreeSet<>();
    Monitoring.rules().forEach(rule -> unknown.addAll(Monitoring.series(rule.expression())));
    for (JsonObject dashboard : Monitoring.dashboards().values()) {
      Monitoring.queries(dashboard)
          .forEach(query -> unknown.addAll(Monitoring.series(query.getValue())));
    }
    unknown.removeIf(
        name -> !name.matches("(portcullis|jvm|vertx)_.*|process_(cpu|files|start)_.*"));
    unknown.removeIf(name -> name.startsWith("portcullis_backup_")); // MonitoringTest
    unknown.removeAll(told);
    unknown.removeAll(LATER.keySet());
    assertEquals(Set.of(), unknown, "no node tells these");
  }

  @Test
  void prometheus_thatAsksANode_evaluatesEveryRule() throws Exception {
    assertTrue(Files.isExecutable(PROMETHEUS), "prometheus is missing: apt-get install prometheus");
    Path folder = TestSystem.scratch("prometheus");
    int port = FreePort.any();
    // Every group each second, whatever its interval is otherwise.
    for (Path file : Monitoring.files("rules", ".yml")) {
      String often = Monitoring.read(file).replaceAll("(?m)^    interval: .*$", "");
      Files.writeString(
          folder.resolve(file.getParent().getFileName() + "-" + file.getFileName()), often);
    }
    Files.writeString(folder.resolve("prometheus.yml"), configuration());
    Process prometheus =
        new ProcessBuilder(
                PROMETHEUS.toString(),
                "--config.file=" + folder.resolve("prometheus.yml"),
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("prometheus.log").toFile())
            .start();
    try {
      URI api = URI.create("http://127.0.0.1:" + port);
      Await.until(
          () -> get(api, "/-/ready").isPresent(), Duration.ofSeconds(30), () -> log(folder));
      Await.until(
          () -> value(api, "up{job=\"gateway\"}") == 1, Duration.ofSeconds(20), () -> log(folder));
      Await.until(
          () -> rules(api).stream().allMatch(rule -> "ok".equals(rule.getString("health"))),
          Duration.ofSeconds(20),
          () -> sick(api));
      assertEquals(Monitoring.rules().size(), rules(api).size());
      Await.until(
          () -> value(api, "service:jvm_heap_used:ratio") > 0,
          Duration.ofSeconds(20),
          () -> log(folder));
      assertEquals(
          0,
          value(api, "count(ALERTS{alertname!=\"Watchdog\",alertstate=\"firing\"}) or vector(0)"),
          "a healthy node alarms nobody");
    } finally {
      prometheus.destroy();
      assertTrue(prometheus.waitFor(20, TimeUnit.SECONDS));
    }
  }

  private static String configuration() {
    return """
        global: {scrape_interval: 1s, evaluation_interval: 1s}
        rule_files: [recording-*.yml, alerts-*.yml]
        scrape_configs:
          - job_name: gateway
            static_configs:
              - targets: ["127.0.0.1:%d"]
                labels: {service: gateway-1}
        """
        .formatted(node.node.managementPort());
  }

  /** What it answers with 200. */
  private static Optional<String> get(URI api, String path) {
    try {
      var request =
          HttpRequest.newBuilder(api.resolve(path)).timeout(Duration.ofSeconds(5)).build();
      var response = CLIENT.send(request, BodyHandlers.ofString());
      return response.statusCode() == 200 ? Optional.of(response.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // nobody listens yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static double value(URI api, String query) {
    String path = "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
    JsonArray result = ask(api, path).getJsonArray("result");
    return result.isEmpty()
        ? Double.NaN
        : Double.parseDouble(result.getJsonObject(0).getJsonArray("value").getString(1));
  }

  private static List<JsonObject> rules(URI api) {
    List<JsonObject> rules = new ArrayList<>();
    for (Object group : ask(api, "/api/v1/rules").getJsonArray("groups")) {
      ((JsonObject) group).getJsonArray("rules").forEach(rule -> rules.add((JsonObject) rule));
    }
    return rules;
  }

  private static JsonObject ask(URI api, String path) {
    return new JsonObject(get(api, path).orElseThrow()).getJsonObject("data");
  }

  private static String sick(URI api) {
    return rules(api).stream()
        .filter(rule -> !"ok".equals(rule.getString("health")))
        .map(
            rule ->
                rule.getString("name")
                    + " is "
                    + rule.getString("health")
                    + ": "
                    + rule.getString("lastError"))
        .collect(Collectors.joining("\n"));
  }

  private static String log(Path folder) {
    return Monitoring.read(folder.resolve("prometheus.log"));
  }

  private static Set<String> told() {
    return metrics
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void promtool(String input, String... arguments) throws Exception {
    assertTrue(Files.isExecutable(PROMTOOL), "promtool is missing: apt-get install prometheus");
    List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    if (process.exitValue() != 0) {
      throw new AssertionError(output);
    }
  }
}
