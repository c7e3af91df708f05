package io.portcullis.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real OpenLDAP server on a free port, with a folder of its own and what its LDIF says. Needs
 * Debian's package slapd; without it a test fails and says so. Runs as whoever runs the test.
 */
public final class Slapd implements AutoCloseable {
  /** The root of its tree. */
  public static final String SUFFIX = "dc=example,dc=test";

  /** Its administrator. */
  public static final String ADMIN = "cn=admin," + SUFFIX;

  /** The password of {@link #ADMIN}. */
  public static final String PASSWORD = "directory-of-a-test";

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Process process;
  private final Path folder;
  private final int port;

  private Slapd(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /** Passwords are compared and never read. */
  private static String configuration(Path data) {
    return """
        include /etc/ldap/schema/core.schema
        include /etc/ldap/schema/cosine.schema
        include /etc/ldap/schema/inetorgperson.schema
        modulepath /usr/lib/ldap
        moduleload back_mdb
        database mdb
        suffix "%1$s"
        rootdn "%2$s"
        rootpw "%3$s"
        directory "%4$s"
        maxsize 16777216
        access to attrs=userPassword by anonymous auth by * none
        access to * by users read by * none
        """
        .formatted(SUFFIX, ADMIN, PASSWORD, data);
  }

  /** Starts a server with these entries and waits until it answers. */
  public static Slapd start(String ldif) {
    try {
      Path folder = Files.createTempDirectory("portcullis-slapd");
      Path data = Files.createDirectory(folder.resolve("data"));
      Path configuration = folder.resolve("slapd.conf");
      Files.writeString(configuration, configuration(data));
      Path entries = Files.writeString(folder.resolve("entries.ldif"), ldif);
      Path log = folder.resolve("log");
      load(configuration, entries, log);
      int port = FreePort.any();
      // With -d it stays in the foreground. Its memory grows with the limit of open files.
      Process process =
          run(
              log,
              "sh",
              "-c",
              "ulimit -n 1024; exec \"$@\"",
              "sh",
              program("slapd"),
              "-d0",
              "-f",
              configuration.toString(),
              "-h",
              "ldap://127.0.0.1:" + port + "/");
      Slapd server = new Slapd(process, folder, port);
      server.awaitAnswer(log);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens, on loopback. */
  public int port() {
    return port;
  }

  /** Its address as directories are named. */
  public String url() {
    return "ldap://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
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

  private static void load(Path configuration, Path entries, Path log) throws IOException {
    Process load =
        run(
            log,
            program("slapadd"),
            "-q",
            "-f",
            configuration.toString(),
            "-l",
            entries.toString());
    try {
      if (!load.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        load.destroyForcibly();
        throw new AssertionError("slapadd does not end");
      }
      if (load.exitValue() != 0) {
        throw new AssertionError("slapadd refuses the entries: " + Files.readString(log, UTF_8));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitAnswer(Path log) {
    Await.until(
        () -> {
          if (!process.isAlive()) {
            throw new AssertionError("slapd ended at once: " + read(log));
          }
          try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
          } catch (IOException notYet) {
            return false;
          }
        },
        PATIENCE,
        () -> "slapd answers on port " + port);
  }

  private static Process run(Path log, String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private static String program(String name) {
    Path path = Path.of("/usr/sbin", name);
    if (!Files.isExecutable(path)) {
      throw new AssertionError(path + " is missing: install Debian's package slapd");
    }
    return path.toString();
  }

  private static String read(Path log) {
    try {
      return Files.readString(log, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
