package io.portcullis;

import io.portcullis.local.Edge;
import io.portcullis.local.EdgeSettings;
import io.portcullis.local.LocalCertificates;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.StubGateway;
import io.portcullis.tls.IdentityRequest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/**
 * Client, real Nginx, real node, and a service behind it that the test plays: {@code /up/status/N}
 * answers N, {@code /up/close} breaks off, {@code /up/slow} says nothing, {@code /up/events} is
 * given to the test; {@code /tool/*}, if there is a route, tells what arrived.
 */
final class WholePath implements AutoCloseable {
  final Vertx vertx = Vertx.vertx();
  final BlockingQueue<HttpServerResponse> events = new LinkedBlockingQueue<>();
  final LocalCertificates certificates;
  final Path configuration;
  final TestNode node;
  final Edge edge;
  private final EdgeNode front;

  WholePath(String name, String... settings) throws IOException {
    this(name, "", change -> change, settings);
  }

  /** With more routes, and another edge. */
  WholePath(String name, String routes, UnaryOperator<EdgeSettings> change, String... settings)
      throws IOException {
    Path directory = TestSystem.scratch(name);
    certificates = EdgeSystem.certificates(directory);
    certificates.authority().issue(IdentityRequest.of("ops"));
    HttpServer service =
        Await.value(vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    configuration = configuration(directory, service.actualPort(), routes);
    front = EdgeNode.start(configuration, name, directory, certificates, change, settings);
    node = front.node;
    edge = front.edge;
  }

  /** A client of the edge without a certificate. */
  EdgeClient client() {
    return front.client();
  }

  /** A client of the edge that shows the certificate of a role. */
  EdgeClient client(String role) {
    return front.client(role);
  }

  SSLContext tls() {
    return front.tls();
  }

  SSLContext tls(String role) {
    return front.tls(role);
  }

  @Override
  public void close() {
    front.close();
    Await.value(vertx.close());
  }

  private static Path configuration(Path directory, int port, String routes) throws IOException {
    String text = Files.readString(Path.of("conf/portcullis.yaml"));
    String upstream =
        "upstreams:\n  up:\n    url: http://127.0.0.1:%d\n    response-timeout: 2s\n"
            .formatted(port);
    String route =
        """

          - name: up
            path: /up/*
            methods: [GET, POST]
            upstream: up
            access: public
        """;
    if (!text.contains("upstreams: {}\n")) {
      throw new AssertionError("conf/portcullis.yaml has changed");
    }
    Path file = directory.resolve("portcullis.yaml");
    Files.writeString(file, text.replace("upstreams: {}\n", upstream) + route + routes);
    return file;
  }

  private void serve(HttpServerRequest request) {
    String path = request.path();
    HttpServerResponse response = request.response();
    if (path.startsWith("/up/status/")) {
      int status = Integer.parseInt(path.substring("/up/status/".length()));
      if (status == 301) {
        response.putHeader("location", "/elsewhere");
      }
      response.putHeader("x-frame-options", "ALLOW").putHeader("server", "x").setStatusCode(status);
      response.end();
    } else if (path.equals("/up/close")) {
      request.connection().close();
    } else if (path.equals("/up/events")) {
      events.add(response.setChunked(true).putHeader("content-type", "text/event-stream"));
    } else if (path.startsWith("/tool/")) {
      StubGateway.tell(request);
    } else if (!path.equals("/up/slow")) {
      response.setStatusCode(404).end();
    }
  }
}
