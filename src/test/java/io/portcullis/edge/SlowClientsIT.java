package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.Edge;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import io.vertx.core.buffer.Buffer;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand connections of Debian's slowhttptest, all from one address, while an honest client
 * asks from another one, each time by a new connection. Once with the edge's own limits, and once
 * with limits that let each attacker in, as if they came from a thousand addresses.
 */
@Timeout(120)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class SlowClientsIT {
  private static final int CONNECTIONS = 1000;
  private static final int SECONDS = 8;
  private static final int LARGE = 256_000; // more than what Nginx keeps of an answer
  private static final Duration EVERY = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Pattern STATE =
      Pattern.compile("connected:\\s*(\\d+)\\s*error:\\s*\\d+\\s*closed:\\s*(\\d+)");
  private static final Path PROGRAM = Path.of("/usr/bin/slowhttptest");

  /**
   * What all processes of Nginx together may grow by, in MiB: two TLS buffers and a request each,
   * and while answers are read slowly 144 KiB more for each (conf.d/upstream.conf).
   */
  private static final long GROWTH_MIB = 192;

  /** How slowhttptest is slow. */
  private enum Mode {
    HEADERS("-H", "-i", "2"),
    BODY("-B", "-i", "2", "-s", "8192", "-f", "application/json"),
    READ("-X", "-n", "2", "-z", "5", "-w", "5", "-y", "20");

    private final String options;

    Mode(String... options) {
      this.options = String.join(" ", options);
    }

    List<String> options() {
      return List.of(options.split(" ", -1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void honestClient_whileOneAddressIsSlow_isServed(Mode mode) throws Exception {
    try (EdgeSystem edge = EdgeSystem.start("slow-" + mode, settings -> settings)) {
      besiege(edge, mode);
      // Slow headers never become requests, and an answer that is read slowly waits in the kernel.
      if (mode == Mode.BODY) {
        assertTrue(edge.logged("\"http.response.status_code\":429").size() > 500);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void honestClient_whileManyAreSlow_isServed(Mode mode) throws Exception {
    try (EdgeSystem edge =
        EdgeSystem.start(
            "many-" + mode,
            settings ->
                settings
                    .with("EDGE_CONNECTIONS", "5000")
                    .with("EDGE_RATE", "10000")
                    .with("EDGE_BURST", "10000"))) {
      besiege(edge, mode);
    }
  }

  /** A machine with no time for it may fail to begin a siege; then it gets another chance. */
  private static void besiege(EdgeSystem edge, Mode mode) throws Exception {
    Path first = siege(edge, mode);
    Path output = connected(first) > CONNECTIONS / 2 ? first : siege(edge, mode);
    assertTrue(connected(output) > CONNECTIONS / 2, () -> "no siege: " + read(output));
    ask(edge);
  }

  /** What the attacker says of it. */
  private static Path siege(EdgeSystem edge, Mode mode) throws Exception {
    Buffer large = Buffer.buffer("\"" + "x".repeat(LARGE) + "\"");
    edge.gateway()
        .answer(
            request ->
                request
                    .response()
                    .putHeader("content-type", "application/json")
                    .end(request.path().equals("/v/honest") ? Buffer.buffer("{}") : large));
    ask(edge);
    long before = memory(edge.edge());
    Path output = TestSystem.scratch("slowhttptest").resolve(mode + ".out");
    Process attack = attack(edge, mode, output);
    long peak = before;
    List<Duration> answers = new ArrayList<>();
    try {
      while (attack.isAlive()) {
        long begun = System.nanoTime();
        answers.add(ask(edge));
        peak = Math.max(peak, memory(edge.edge()));
        long next = begun + EVERY.toNanos();
        Await.until("the next tenth of a second", () -> System.nanoTime() >= next);
      }
      assertTrue(attack.waitFor(5, TimeUnit.SECONDS));
    } finally {
      attack.destroyForcibly();
    }
    Duration slowest = answers.stream().max(Duration::compareTo).orElseThrow();
    long grown = (peak - before) >> 20;
    System.out.println(
        mode + ": " + answers.size() + " answers, slowest " + slowest + ", " + grown + " MiB");
    assertTrue(answers.size() > SECONDS * 2, () -> "only " + answers.size() + " answers");
    assertTrue(slowest.compareTo(PATIENCE) < 0, () -> "the slowest took " + slowest);
    assertTrue(grown < GROWTH_MIB, () -> "grown by " + grown + " MiB");
    return output;
  }

  private static Process attack(EdgeSystem edge, Mode mode, Path output) throws IOException {
    assertTrue(Files.isExecutable(PROGRAM), "slowhttptest is missing: apt install slowhttptest");
    List<String> command =
        new ArrayList<>(
            List.of("timeout", "20", PROGRAM.toString(), "-c", "" + CONNECTIONS, "-r", "400"));
    command.addAll(List.of("-l", "" + SECONDS, "-v", "1", "-p", "5"));
    command.addAll(mode.options());
    command.addAll(List.of("-u", "https://localhost:" + edge.edge().httpsPort() + "/v/slow"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectInput(new File("/dev/null"))
        .redirectOutput(output.toFile())
        .start();
  }

  /** One request of the honest client by a connection of its own; how long all of it took. */
  private static Duration ask(EdgeSystem edge) throws IOException {
    long begun = System.nanoTime();
    Socket plain = new Socket();
    plain.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.2"), 0));
    plain.connect(
        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), edge.edge().httpsPort()), 5_000);
    Socket secure =
        edge.context()
            .getSocketFactory()
            .createSocket(plain, "localhost", edge.edge().httpsPort(), true);
    try (RawHttp raw = new RawHttp(secure)) {
      raw.send(
          "GET /v/honest HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n"
              + "Connection: close\r\n\r\n");
      assertEquals(200, raw.read().status());
    }
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** The resident memory of Nginx' master and workers together, in bytes. */
  private static long memory(Edge edge) {
    return Stream.concat(Stream.of(edge.process().pid()), edge.workers().stream())
        .mapToLong(SlowClientsIT::resident)
        .sum();
  }

  private static long resident(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .sum();
    } catch (IOException gone) {
      return 0;
    }
  }

  /** How many connections the attacker has had, of what it told now and then. */
  private static int connected(Path output) {
    Matcher told = STATE.matcher(read(output));
    int most = 0;
    while (told.find()) {
      most = Math.max(most, Integer.parseInt(told.group(1)) + Integer.parseInt(told.group(2)));
    }
    return most;
  }

  private static String read(Path output) {
    try {
      return Files.readString(output).replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "");
    } catch (IOException e) {
      return e.toString();
    }
  }
}
