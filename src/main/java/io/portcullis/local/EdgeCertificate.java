package io.portcullis.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificate that browsers see: what stands in its file, and what is really served. */
final class EdgeCertificate {
  /** Authority information access (RFC 5280, section 4.2.2.1), and in it the method OCSP. */
  private static final String ACCESS = "1.3.6.1.5.5.7.1.1";

  private static final String OCSP = "2b06010505073001";
  private static final int LIMIT_MILLIS = 2000;

  private EdgeCertificate() {}

  /** Whether the file's first certificate says where to ask for its state. */
  static boolean namesResponder(Path file) {
    return read(file)
        .map(certificate -> certificate.getExtensionValue(ACCESS))
        .map(value -> HexFormat.of().formatHex(value).contains(OCSP))
        .orElse(false);
  }

  /** The file's first certificate; empty when there is none, about which Nginx will complain. */
  static Optional<X509Certificate> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return Optional.of((X509Certificate) factory.generateCertificate(in));
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /** What a fresh connection to a port of this machine is shown; empty when nobody shows any. */
  static Optional<X509Certificate> served(int port) {
    try (var plain = new Socket()) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new LookOnly()}, null);
      plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), LIMIT_MILLIS);
      plain.setSoTimeout(LIMIT_MILLIS);
      try (var socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true)) {
        socket.startHandshake();
        Certificate[] chain = socket.getSession().getPeerCertificates();
        return Optional.of((X509Certificate) chain[0]);
      }
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /**
   * Accepts everything: nothing is sent over the connection, and what is shown is compared with the
   * file byte by byte.
   */
  private static final class LookOnly extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(
        X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
