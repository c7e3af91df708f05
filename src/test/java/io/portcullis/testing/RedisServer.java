package io.portcullis.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import redis.embedded.core.ExecutableProvider;

/**
 * A real redis-server on a free port, with a folder of its own and nothing persistent: the one on
 * PATH, else the one that comes with the embedded-redis library.
 */
public final class RedisServer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final int port;
  private final List<String> options;
  private final Path folder;
  private Process process;

  private RedisServer(int port, List<String> options, Path folder, Process process) {
    this.port = port;
    this.options = options;
    this.folder = folder;
    this.process = process;
  }

  /** Starts a server and waits until it answers. Further options as on its command line. */
  public static RedisServer start(String... options) {
    try {
      int port = FreePort.any();
      Path folder = Files.createTempDirectory("portcullis-redis");
      List<String> all = List.of(options);
      Process process = launch(port, all, folder);
      RedisServer server = new RedisServer(port, all, folder, process);
      server.awaitAnswer();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return port;
  }

  /** Sends STOP, CONT or KILL to the server, by its process id. */
  public void signal(String name) {
    try {
      Process kill =
          new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("kill -" + name + " failed");
      }
      if (name.equals("KILL") && !process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("redis-server survived");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Starts it again, empty, on the same port, after it was killed. */
  public void restart() {
    try {
      process = launch(port, options, folder);
      awaitAnswer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs an inline command as the default user; gives the first line of the answer. */
  public String command(String... words) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      socket.setSoTimeout(1000);
      socket.getOutputStream().write((String.join(" ", words) + "\r\n").getBytes(US_ASCII));
      StringBuilder line = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0 && c != '\r'; ) {
        line.append((char) c);
        c = socket.getInputStream().read();
      }
      return line.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Process launch(int port, List<String> options, Path folder) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(binary());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
    command.addAll(List.of("--appendonly", "no", "--dir", folder.toString()));
    command.addAll(options);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("redis.log").toFile())
        .start();
  }

  static String binary() throws IOException {
    for (String entry : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
      Path candidate = Path.of(entry, "redis-server");
      if (Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    File embedded = ExecutableProvider.newJarResourceProvider().get();
    if (embedded == null || !embedded.canExecute()) {
      throw new AssertionError("no redis-server on PATH, and none embedded for this machine");
    }
    return embedded.getPath();
  }

  private void awaitAnswer() {
    Await.until(
        "redis-server answers on port " + port,
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("redis-server ended at once; see its log in " + folder);
          }
          try {
            String answer = command("PING");
            return answer.startsWith("+PONG") || answer.startsWith("-NOAUTH");
          } catch (UncheckedIOException notYet) {
            return false;
          }
        });
  }
}
