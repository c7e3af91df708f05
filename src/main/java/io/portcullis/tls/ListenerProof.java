package io.portcullis.tls;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/**
 * Looks at one of our own listeners from outside: it serves the certificate that it should, and it
 * still serves nobody without one. Blocks; bounded by {@value #TIMEOUT_MILLIS} ms a step.
 */
final class ListenerProof {
  private static final int TIMEOUT_MILLIS = 3_000;

  /** A machine may be busy for a while; that is no reason to give a good certificate up. */
  private static final int ATTEMPTS = 3;

  private static final byte[] REQUEST =
      "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final Certificates certificates;

  ListenerProof(Certificates certificates) {
    this.certificates = certificates;
  }

  /** Throws {@link IOException} that says what is not as it should be. */
  void prove(SocketAddress listener, TlsMaterial expected) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        proveOnce(listener, expected);
        return;
      } catch (SocketTimeoutException silent) {
        if (attempt == ATTEMPTS) {
          throw new IOException("the listener at " + listener + " does not answer", silent);
        }
      }
    }
  }

  private void proveOnce(SocketAddress listener, TlsMaterial expected) throws IOException {
    String served = served(listener, expected);
    if (!served.equals(expected.serial())) {
      throw new IOException(
          "the listener at " + listener + " serves " + served + " and not " + expected.serial());
    }
    if (servesWithoutCertificate(listener, expected)) {
      throw new IOException(
          "the listener at " + listener + " does not refuse a client without a certificate");
    }
  }

  private String served(SocketAddress listener, TlsMaterial own) throws IOException {
    SSLSocket socket = open(listener, new KeyManager[] {own.keys()}, own);
    try (socket) {
      socket.startHandshake();
      return PeerIdentity.serial((X509Certificate) socket.getSession().getPeerCertificates()[0]);
    } catch (SSLException failed) {
      throw new IOException(
          "no handshake with the listener at " + listener + ": " + failed, failed);
    }
  }

  /** In TLS 1.3 the refusal reaches the client only when it reads. */
  private boolean servesWithoutCertificate(SocketAddress listener, TlsMaterial own)
      throws IOException {
    SSLSocket socket = open(listener, new KeyManager[0], own);
    try (socket) {
      socket.startHandshake();
      socket.getOutputStream().write(REQUEST);
      socket.getOutputStream().flush();
      return socket.getInputStream().read() >= 0;
    } catch (SSLException | SocketException refused) {
      return false;
    }
  }

  private SSLSocket open(SocketAddress listener, KeyManager[] keys, TlsMaterial own)
      throws IOException {
    SSLSocket socket = (SSLSocket) context(keys, own).getSocketFactory().createSocket();
    try {
      socket.setEnabledProtocols(InternalTls.VERSIONS.toArray(String[]::new));
      socket.setSoTimeout(TIMEOUT_MILLIS);
      InetSocketAddress target =
          new InetSocketAddress(InetAddress.getByName(listener.host()), listener.port());
      socket.bind(null);
      socket.connect(target, TIMEOUT_MILLIS);
      certificates.probing(socket.getLocalAddress().getHostAddress(), socket.getLocalPort());
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static SSLContext context(KeyManager[] keys, TlsMaterial own) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {own.trust()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("no TLS for a look at our own listener", e);
    }
  }
}
