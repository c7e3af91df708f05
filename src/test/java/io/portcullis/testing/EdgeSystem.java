package io.portcullis.testing;

import io.portcullis.local.Edge;
import io.portcullis.local.EdgeSettings;
import io.portcullis.local.LocalCertificates;
import io.portcullis.local.TestSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * The real Nginx with ModSecurity on free ports, with certificates of an authority of its own, in
 * front of stub gateways or of whatever a test names. Needs Debian's packages; without them a test
 * fails and says which.
 */
public final class EdgeSystem implements AutoCloseable {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Map<String, EdgeSystem> SHARED = new HashMap<>();

  private final LocalCertificates certificates;
  private final StubGateway gateway;
  private final Edge edge;

  private EdgeSystem(LocalCertificates certificates, StubGateway gateway, Edge edge) {
    this.certificates = certificates;
    this.gateway = gateway;
    this.edge = edge;
  }

  /** The one edge of this test JVM, in front of one stub gateway. Leave it as you found it. */
  public static synchronized EdgeSystem shared() {
    return SHARED.computeIfAbsent(
        "shared",
        key -> {
          EdgeSystem system = start("edge", settings -> settings);
          Runtime.getRuntime().addShutdownHook(new Thread(system::close));
          return system;
        });
  }

  /** An edge of a test's own, in front of a stub gateway. */
  public static EdgeSystem start(String name, UnaryOperator<EdgeSettings> change) {
    Path directory = TestSystem.scratch(name);
    LocalCertificates certificates = certificates(directory);
    StubGateway gateway = StubGateway.start(certificates.directory());
    EdgeSettings settings =
        EdgeSettings.of(
            HOME, certificates.directory(), directory, List.of("127.0.0.1:" + gateway.port()));
    try {
      EdgeSystem system = new EdgeSystem(certificates, gateway, Edge.start(change.apply(settings)));
      system.warmUp();
      return system;
    } catch (RuntimeException e) {
      gateway.close();
      certificates.close();
      throw e;
    }
  }

  /** The first handshake of a JVM takes seconds on a busy machine; no test is about that. */
  private void warmUp() {
    Await.until(
        () -> client().get("/").statusCode() != 504, Duration.ofSeconds(60), () -> "no answer");
    gateway.reset();
  }

  /** A certificates directory with the identities gateway, nginx and edge in a folder. */
  public static LocalCertificates certificates(Path directory) {
    return LocalCertificates.open(
        directory.resolve("certs"),
        directory.resolve("secrets"),
        "development",
        URI.create("http://localhost:8088/crl.pem"));
  }

  public Edge edge() {
    return edge;
  }

  /** What stands behind the edge, unless the settings were changed to something else. */
  public StubGateway gateway() {
    return gateway;
  }

  public LocalCertificates certificates() {
    return certificates;
  }

  /** A client that trusts the edge's authority. */
  public EdgeClient client() {
    return new EdgeClient(edge.httpsPort(), context());
  }

  /** The same with the client certificate of a role. */
  public EdgeClient client(String role) {
    return new EdgeClient(edge.httpsPort(), TestTls.context(certificates.directory(), role));
  }

  /** TLS as a browser does it. */
  public SSLContext context() {
    return TestTls.context(certificates.directory());
  }

  /** A raw connection over TLS. */
  public RawHttp raw() throws IOException {
    return new RawHttp(context().getSocketFactory().createSocket("localhost", edge.httpsPort()));
  }

  /** A raw connection over TLS that does not say whom it looks for. */
  public RawHttp rawWithoutName() throws IOException {
    return new RawHttp(context().getSocketFactory().createSocket("127.0.0.1", edge.httpsPort()));
  }

  /** The access log's lines so far that contain a text, once there is one. */
  public List<String> logged(String text) {
    Await.until("a line with " + text, () -> !lines(text).isEmpty());
    return lines(text);
  }

  private List<String> lines(String text) {
    try (Stream<String> lines = Files.lines(edge.accessLog())) {
      return lines.filter(line -> line.contains(text)).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    edge.close();
    gateway.close();
    certificates.close();
  }
}
