package io.portcullis.logs;

import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A real OpenSearch node, in a JVM of its own with libraries of its own ({@code target/opensearch},
 * made by Maven before the tests of this kind).
 */
final class OpenSearchNode implements AutoCloseable {
  private static final Path LIBRARIES = Path.of("target/opensearch").toAbsolutePath();
  private static final Pattern PORT = Pattern.compile("HTTP Port: +(\\d+)");

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final int port;

  private OpenSearchNode(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** An answer that is JSON. */
  record Answer(int status, JsonObject body) {}

  /** Starts without waiting; the first call waits until the node answers. */
  static OpenSearchNode start(String name) {
    Path folder = TestSystem.scratch(name);
    if (!Files.isDirectory(LIBRARIES)) {
      throw new AssertionError(LIBRARIES + " is missing; mvn antrun:run@opensearch makes it");
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms192m",
            "-Xmx384m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            LIBRARIES + "/*",
            "org.codelibs.opensearch.runner.OpenSearchRunner",
            "-basePath",
            folder.toString(),
            "-numOfNode",
            "1");
    Path output = folder.resolve("output.log");
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    try {
      Process process = builder.start();
      return new OpenSearchNode(process, port(process, output));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What the node prints first. */
  private static int port(Process process, Path output) {
    StringBuilder printed = new StringBuilder();
    Await.until(
        () -> {
          printed.setLength(0);
          printed.append(read(output));
          return PORT.matcher(printed).find() || !process.isAlive();
        },
        Duration.ofSeconds(60),
        () -> "OpenSearch says its port: " + printed);
    Matcher matcher = PORT.matcher(printed);
    if (!matcher.find()) {
      throw new AssertionError("OpenSearch did not start: " + printed);
    }
    return Integer.parseInt(matcher.group(1));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until the node answers. */
  void awaitReady() {
    Await.until(
        () -> process.isAlive() && answers(), Duration.ofSeconds(60), () -> "OpenSearch answers");
  }

  private boolean answers() {
    try {
      return call("GET", "/_cluster/health", "").status() == 200;
    } catch (AssertionError notYet) {
      return false;
    }
  }

  /** A request that must be done. */
  JsonObject done(String method, String path, String body) {
    Answer answer = call(method, path, body);
    if (answer.status() / 100 != 2) {
      throw new AssertionError(method + " " + path + ": " + answer + " for " + body);
    }
    return answer.body();
  }

  Answer call(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), new JsonObject(answer.body()));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    client.close();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
