package io.portcullis.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script that puts the log store in order, against a server that the test plays. */
final class LogsSetupTest {
  private static final Map<String, String> SECRETS =
      Map.of(
          "elastic", "elastic-secret",
          "elastic_logstash", "logstash-secret",
          "elastic_kibana", "kibana-secret",
          "elastic_reader", "reader-secret");

  @SuppressWarnings("NullAway.Init") // JUnit sets it
  @TempDir
  private Path folder;

  private final Map<String, String> bodies = new ConcurrentHashMap<>();
  private final Map<String, Integer> refused = new TreeMap<>();
  private final HttpServer server;

  LogsSetupTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::serve);
  }

  @BeforeEach
  void start() throws IOException {
    for (var secret : SECRETS.entrySet()) {
      Files.writeString(folder.resolve(secret.getKey()), secret.getValue() + "\n");
    }
    Path files = Files.createDirectories(folder.resolve("files"));
    copy(Path.of("docker/kibana/objects.ndjson"), files);
    for (String name : List.of("ilm", "components", "templates")) {
      Path target = Files.createDirectory(files.resolve(name));
      try (Stream<Path> sources = Files.list(Path.of("docker/elasticsearch", name))) {
        for (Path source : sources.toList()) {
          copy(source, target);
        }
      }
    }
    server.start();
  }

  private static void copy(Path file, Path folder) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String login = "elastic:" + SECRETS.get("elastic");
    String expected =
        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    boolean known = expected.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    bodies.put(
        exchange.getRequestMethod() + " " + path,
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    byte[] answer = "{\"success\":true,\"reason\":\"as told\"}".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(known ? refused.getOrDefault(path, 200) : 401, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private record Ran(int exitCode, String output) {}

  private Ran run(String argument) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("bash", "docker/logs-setup/setup", argument);
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    builder
        .environment()
        .putAll(
            Map.of(
                "FILES",
                folder.resolve("files").toString(),
                "SECRETS",
                folder.toString(),
                "TRUST",
                "/dev/null",
                "ELASTICSEARCH",
                url,
                "KIBANA",
                url));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }

  @Test
  void store_putsEveryFileAndUserInPlace_andShowsNoSecret() throws Exception {
    Ran ran = run("store");
    assertEquals(0, ran.exitCode(), ran::output);
    List<String> wanted = new ArrayList<>(List.of("GET /_cluster/health"));
    Templates.files("ilm").keySet().forEach(name -> wanted.add("PUT /_ilm/policy/" + name));
    Templates.files("components")
        .keySet()
        .forEach(name -> wanted.add("PUT /_component_template/" + name));
    Templates.files("templates")
        .keySet()
        .forEach(name -> wanted.add("PUT /_index_template/" + name));
    List.of("role/portcullis_logstash", "role/portcullis_reader")
        .forEach(name -> wanted.add("PUT /_security/" + name));
    List.of("portcullis_logstash", "reader", "kibana_system/_password")
        .forEach(name -> wanted.add("PUT /_security/user/" + name));
    assertEquals(wanted.stream().sorted().toList(), bodies.keySet().stream().sorted().toList());
    bodies.values().stream().filter(body -> !body.isEmpty()).forEach(JsonObject::new);
    assertEquals(
        "logstash-secret",
        new JsonObject(bodies.getOrDefault("PUT /_security/user/portcullis_logstash", ""))
            .getString("password"));
    SECRETS.values().forEach(secret -> assertFalse(ran.output().contains(secret)));
  }

  @Test
  void dashboards_areSentAsTheyLieThere() throws Exception {
    Ran ran = run("dashboards");
    assertEquals(0, ran.exitCode(), ran::output);
    String sent = bodies.getOrDefault("POST /api/saved_objects/_import", "");
    for (String line : Files.readAllLines(Path.of("docker/kibana/objects.ndjson"))) {
      assertTrue(sent.contains(line));
    }
  }

  @Test
  void whatIsRefusedOrMissing_isNamed() throws Exception {
    refused.put("/_ilm/policy/portcullis-audit", 400);
    Ran ran = run("store");
    assertEquals(1, ran.exitCode());
    assertTrue(ran.output().contains("_ilm/policy/portcullis-audit: 400"), ran::output);
    assertTrue(ran.output().contains("as told"), ran::output);
    Files.delete(folder.resolve("elastic"));
    Ran missing = run("store");
    assertEquals(3, missing.exitCode());
    assertTrue(missing.output().contains("the secret elastic is missing"), missing::output);
    Files.writeString(folder.resolve("elastic"), "with \"quotes\"");
    assertEquals(1, run("store").exitCode());
  }
}
