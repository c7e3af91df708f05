package io.portcullis;

import io.portcullis.local.Edge;
import io.portcullis.local.EdgeSettings;
import io.portcullis.local.LocalCertificates;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.TestTls;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** A real node that takes nobody without a certificate, and the real Nginx before it. */
final class EdgeNode implements AutoCloseable {
  final LocalCertificates certificates;
  final TestNode node;
  final Edge edge;

  private EdgeNode(LocalCertificates certificates, TestNode node, Edge edge) {
    this.certificates = certificates;
    this.node = node;
    this.edge = edge;
  }

  /**
   * Starts both; the certificates are closed with them.
   *
   * @param folder what Nginx keeps
   * @param change makes another edge of the usual one
   * @param settings of the node: pairs of a variable's name and value
   */
  static EdgeNode start(
      String name,
      Path folder,
      LocalCertificates certificates,
      UnaryOperator<EdgeSettings> change,
      String... settings) {
    Path usual = Path.of("conf/portcullis.yaml");
    return start(usual, name, folder, certificates, change, settings);
  }

  /** The same from another configuration file. */
  static EdgeNode start(
      Path configuration,
      String name,
      Path folder,
      LocalCertificates certificates,
      UnaryOperator<EdgeSettings> change,
      String... settings) {
    List<String> all = new ArrayList<>(certificate(certificates));
    all.addAll(List.of("HTTP_TLS", "mutual", "INTERNAL_PORT", "0"));
    all.addAll(List.of(settings));
    TestNode node = TestNode.start(configuration, name, all.toArray(String[]::new));
    EdgeSettings usual =
        EdgeSettings.of(
            Path.of(""),
            certificates.directory(),
            folder,
            List.of("127.0.0.1:" + node.node.httpPort()));
    return new EdgeNode(certificates, node, Edge.start(change.apply(usual)));
  }

  /** The settings of a node that shows the gateway's certificate. */
  static List<String> certificate(LocalCertificates certificates) {
    Path directory = certificates.directory();
    Path own = directory.resolve("identities/gateway/current");
    return List.of(
        "TLS_CERTIFICATE",
        own.resolve("tls.crt").toString(),
        "TLS_KEY",
        own.resolve("tls.key").toString(),
        "TLS_TRUST",
        directory.resolve("trust.pem").toString(),
        "TLS_DENIED",
        directory.resolve("denied.json").toString());
  }

  /** A client of the edge without a certificate. */
  EdgeClient client() {
    return new EdgeClient(edge.httpsPort(), tls());
  }

  /** A client of the edge that shows the certificate of a role. */
  EdgeClient client(String role) {
    return new EdgeClient(edge.httpsPort(), tls(role));
  }

  /** TLS as a browser does it. */
  SSLContext tls() {
    return TestTls.context(certificates.directory());
  }

  /** The same with the certificate of a role. */
  SSLContext tls(String role) {
    return TestTls.context(certificates.directory(), role);
  }

  @Override
  public void close() {
    edge.close();
    node.close();
    certificates.close();
  }
}
