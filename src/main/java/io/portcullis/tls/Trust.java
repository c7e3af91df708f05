package io.portcullis.tls;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * Whom a client of ours believes that calls a server by its name: a file of certificates, or whom
 * the JVM trusts. The server's certificate must lead there and must have the name that was called.
 *
 * <p>A file that changes holds from the next handshake on, for everything that was made from it.
 * Connections that are open stay open.
 */
public final class Trust {
  /** The algorithm of RFC 2818: the name called is among the certificate's. */
  public static final String NAMES_COMPARED = "HTTPS";

  private final TrustManager manager;
  private final TrustOptions options;

  private Trust(TrustManager manager) {
    this.manager = manager;
    // One for all: the clients keep a context for each that is not equal to the others.
    this.options = TrustOptions.wrap(manager);
  }

  /**
   * Reads the file, which blocks.
   *
   * @param file certificates, PEM; absent: whom the JVM trusts
   * @throws BadMaterialException when the file cannot be read or holds anything else
   */
  public static Trust of(Optional<Path> file) {
    return new Trust(file.<TrustManager>map(FileTrust::new).orElseGet(FileTrust::ofTheJvm));
  }

  /** For options of clients that take nothing but this. */
  public TrustOptions options() {
    return options;
  }

  /** TLS of a client that shows no certificate and compares names. */
  public ClientSSLOptions client(Duration handshake) {
    return new ClientSSLOptions()
        .setHostnameVerificationAlgorithm(NAMES_COMPARED)
        .setTrustOptions(options)
        .setSslHandshakeTimeout(handshake.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /** For the JDK's own client, which compares names by itself. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {manager}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }
}
