package io.portcullis.command;

import io.portcullis.local.ConsoleProgress;
import io.portcullis.local.Edge;
import io.portcullis.local.EdgeKeeper;
import io.portcullis.local.EdgeSettings;
import io.portcullis.local.LocalCertificates;
import io.portcullis.local.LocalSystem;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code up} puts in front of the node: certificates always, Nginx when it is wanted, and who
 * keeps both fresh. Opened and started by the main thread, closed by any, once it is there.
 */
final class UpFront implements AutoCloseable {
  /** As the local system's nodes call it. */
  private static final String ENVIRONMENT = "development";

  private static final int USUAL_HTTP_PORT = 8088;

  private final LocalSystem system;
  private final LocalCertificates certificates;
  private @Nullable Edge edge;
  private @Nullable EdgeKeeper keeper;
  private boolean closed;

  private UpFront(LocalSystem system, LocalCertificates certificates) {
    this.system = system;
    this.certificates = certificates;
  }

  /** Makes or opens the certificate authority and issues what the node needs for its start. */
  static UpFront open(LocalSystem system) {
    Path directory = system.directory();
    int port = system.ports().hasEdge() ? system.ports().edgeHttp() : USUAL_HTTP_PORT;
    return new UpFront(
        system,
        LocalCertificates.open(
            directory.resolve("certs"),
            directory.resolve("secrets"),
            ENVIRONMENT,
            URI.create("http://localhost:" + port + "/crl.pem")));
  }

  /** What the node is to know of it. */
  Map<String, String> environment() {
    Path directory = certificates.directory();
    Path identity = directory.resolve("identities/gateway/current");
    Map<String, String> map = new TreeMap<>();
    map.put("PORTCULLIS_TLS_CERTIFICATE", identity.resolve("tls.crt").toString());
    map.put("PORTCULLIS_TLS_KEY", identity.resolve("tls.key").toString());
    map.put("PORTCULLIS_TLS_TRUST", directory.resolve("trust.pem").toString());
    map.put("PORTCULLIS_TLS_DENIED", directory.resolve("denied.json").toString());
    map.put("PORTCULLIS_HTTP_TLS", system.ports().hasEdge() ? "mutual" : "off");
    if (system.ports().hasEdge()) {
      Path logs = system.directory().resolve("logs");
      map.put("PORTCULLIS_WAF_AUDIT_LOG", logs.resolve("waf-raw.json").toString());
      map.put("PORTCULLIS_WAF_MASKED_LOG", logs.resolve("waf.json").toString());
    }
    return map;
  }

  /** Starts Nginx if the system has a port for it. */
  void start(Path home, Optional<Path> crs, ConsoleProgress progress) {
    Optional<Edge> started =
        system.ports().hasEdge()
            ? Optional.of(Edge.start(settings(home, crs, progress)))
            : Optional.empty();
    if (!keep(started)) {
      started.ifPresent(Edge::close);
    }
  }

  private EdgeSettings settings(Path home, Optional<Path> crs, ConsoleProgress progress) {
    String node = "127.0.0.1:" + system.ports().http();
    return EdgeSettings.of(home, certificates.directory(), system.directory(), List.of(node))
        .withPorts(system.ports().edge(), system.ports().edgeHttp())
        .withCrs(crs.map(Path::toAbsolutePath))
        .withProgress(progress);
  }

  private synchronized boolean keep(Optional<Edge> started) {
    if (closed) {
      return false;
    }
    edge = started.orElse(null);
    keeper = EdgeKeeper.start(certificates, started);
    return true;
  }

  @Override
  public synchronized void close() {
    closed = true;
    EdgeKeeper keeping = keeper;
    if (keeping != null) {
      keeping.close();
    }
    Edge running = edge;
    if (running != null) {
      running.close();
    }
    certificates.close();
  }
}
