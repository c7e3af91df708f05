package io.portcullis.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The real Nginx with ModSecurity in front of a gateway, as a process of its own. All methods block
 * and may be called by any thread; a reload and a stop wait for each other.
 */
public final class Edge implements AutoCloseable {
  private static final Duration RELOAD_LIMIT = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);

  private final EdgeSettings settings;
  private final EdgeConfiguration configuration;
  private final RunningPart nginx;

  private Edge(EdgeSettings settings, EdgePrograms programs) {
    this.settings = settings;
    configuration = new EdgeConfiguration(settings, programs);
    nginx =
        new RunningPart(
            new EdgePart(programs, configuration, settings.httpsPort()),
            new LogFile(settings.logs().resolve(Part.NGINX.fileName() + ".log")),
            pidFile(settings));
  }

  /**
   * Checks that this machine has what the edge needs.
   *
   * @param crs a folder with another core rule set, or empty
   * @throws LocalFailure that says what is missing
   */
  public static void requirePrograms(Optional<Path> crs) {
    EdgePrograms.find(crs);
  }

  /**
   * Starts Nginx and returns when it serves. The gateway need not be there yet.
   *
   * @throws LocalFailure when something is missing here or Nginx refuses its configuration; nothing
   *     is left running
   */
  public static Edge start(EdgeSettings wanted) {
    EdgePrograms programs = EdgePrograms.find(wanted.crs());
    EdgeSettings settings = onRealPorts(wanted);
    pidFile(settings)
        .process()
        .ifPresent(left -> ProcessTree.end(left, Part.NGINX.stopSignal(), RunningPart.STOP_GRACE));
    Edge edge = new Edge(settings, programs);
    try {
      edge.nginx.start(settings.progress());
      return edge;
    } catch (RuntimeException e) {
      edge.close();
      throw e;
    }
  }

  /**
   * Takes over changed templates, certificates, keys, revocations and ticket keys, without losing a
   * connection: tests them first, then replaces the workers, then proves that new ones alone serve,
   * with the certificate that is in its file.
   *
   * @throws LocalFailure that names the file which Nginx refuses; the old configuration goes on
   *     serving
   */
  public synchronized void reload() {
    configuration.renew();
    Set<Long> before = workers();
    ProcessTree.signal(nginx.process(), "HUP");
    Path file = settings.certificates().resolve("identities/edge/current/tls.crt");
    boolean replaced =
        Wait.until(
            RELOAD_LIMIT,
            POLL,
            () -> {
              Set<Long> now = workers();
              return now.stream().anyMatch(worker -> !before.contains(worker))
                  && before.stream().noneMatch(Edge::accepts)
                  && EdgeCertificate.read(file)
                      .equals(EdgeCertificate.served(settings.httpsPort()));
            });
    if (!replaced) {
      throw LocalFailure.ofPart(
          Part.NGINX,
          "did not take over its new configuration within " + RELOAD_LIMIT.toSeconds() + " s",
          new LogFile(settings.logs().resolve(Part.NGINX.fileName() + ".log")));
    }
  }

  /** Stops it, letting requests under way finish for a while; safe to repeat. */
  @Override
  public synchronized void close() {
    nginx.close();
    configuration.close();
  }

  /** Where it serves https on 127.0.0.1. */
  public int httpsPort() {
    return settings.httpsPort();
  }

  /** Where it redirects from http. */
  public int httpPort() {
    return settings.httpPort();
  }

  /** What it was started with, with the real ports. */
  public EdgeSettings settings() {
    return settings;
  }

  /** The access log: one JSON object a line. */
  public Path accessLog() {
    return settings.logs().resolve("access.log");
  }

  /** The folder of the rendered configuration in use. */
  public Path configuration() {
    return configuration.current();
  }

  /** The master process. */
  public ProcessHandle process() {
    return nginx.process();
  }

  /** The process ids of the workers, those that are ending included. */
  public Set<Long> workers() {
    return nginx.process().children().map(ProcessHandle::pid).collect(Collectors.toSet());
  }

  /** For a moment old and new workers share the port; an old one says when it no longer accepts. */
  private static boolean accepts(long worker) {
    try {
      String title = Files.readString(Path.of("/proc", Long.toString(worker), "cmdline"));
      return !title.isEmpty() && !title.contains("shutting down");
    } catch (IOException e) {
      return false; // it has ended
    }
  }

  private static PidFile pidFile(EdgeSettings settings) {
    return new PidFile(settings.run().resolve(Part.NGINX.fileName() + ".pid"));
  }

  private static EdgeSettings onRealPorts(EdgeSettings settings) {
    try (ServerSocket https = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ServerSocket http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.createDirectories(settings.run());
      return settings.withPorts(
          settings.httpsPort() == 0 ? https.getLocalPort() : settings.httpsPort(),
          settings.httpPort() == 0 ? http.getLocalPort() : settings.httpPort());
    } catch (IOException e) {
      throw new LocalFailure("the edge cannot be prepared: " + e.getMessage(), e);
    }
  }
}
