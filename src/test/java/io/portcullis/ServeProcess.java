package io.portcullis;

import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.FreePort;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The product's own jar as a process: `serve`, and the short commands. */
final class ServeProcess {
  /** No process. */
  static final ServeProcess NONE = new ServeProcess(null, 0, Path.of("target/none.log"));

  private static final Path JAR = Path.of("target/portcullis.jar").toAbsolutePath();

  private final @Nullable Process process;
  private final int httpPort;
  private final Path log;

  private ServeProcess(@Nullable Process process, int httpPort, Path log) {
    this.process = process;
    this.httpPort = httpPort;
    this.log = log;
  }

  /** What a short command printed and how it ended. */
  record Output(int exitCode, String text) {}

  static ServeProcess start(Map<String, String> environment, String name) throws IOException {
    int http = FreePort.any();
    int management = FreePort.any();
    Map<String, String> own = new HashMap<>(environment);
    own.put("PORTCULLIS_HTTP_PORT", Integer.toString(http));
    own.put("PORTCULLIS_MANAGEMENT_PORT", Integer.toString(management));
    Path log = Files.createDirectories(Path.of("target/serve")).resolve(name + ".log");
    Process process = process(own, log, "serve").start();
    ServeProcess started = new ServeProcess(process, http, log);
    Api api = new Api(URI.create("http://127.0.0.1:" + management), Optional.empty());
    Await.until(
        () -> process.isAlive() && up(api),
        Duration.ofSeconds(60),
        () -> "not ready: " + started.log());
    return started;
  }

  static Output command(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    Path log =
        Files.createTempFile(Files.createDirectories(Path.of("target/serve")), "command", ".log");
    Process process = process(environment, log, arguments).start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(String.join(" ", arguments) + " did not end");
    }
    return new Output(process.exitValue(), Files.readString(log));
  }

  int httpPort() {
    return httpPort;
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  void kill() {
    if (process != null) {
      process.destroyForcibly();
      try {
        process.waitFor(20, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** SIGTERM; the exit code. */
  int terminate(Duration limit) throws InterruptedException {
    Process running = java.util.Objects.requireNonNull(process);
    running.destroy();
    if (!running.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it did not stop within " + limit + ": " + log());
    }
    return running.exitValue();
  }

  private static boolean up(Api api) {
    try {
      return api.get("/health/ready").json().getString("status", "").equals("up");
    } catch (AssertionError notYet) {
      return false;
    }
  }

  private static ProcessBuilder process(
      Map<String, String> environment, Path log, String... arguments) {
    if (!Files.exists(JAR)) {
      throw new AssertionError(JAR + " is missing: build it first (mvn package, or ./portcullis)");
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Xmx256m",
                "-jar",
                JAR.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("PORTCULLIS_"));
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile());
  }
}
