package io.portcullis.tls;

import io.portcullis.tls.RefusedPeerException.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one server: a client certificate is always required, before and after every swap.
 *
 * <p>Vert.x keeps up to 256 TLS contexts by the equality of their options. The options here are
 * equal over all swaps and updated by force, so that a swap replaces the context and with it the
 * sessions that could be resumed. What a swap does not name anew is lost (the client authentication
 * above all), so the options are always made whole, in one place.
 */
public final class TlsListener implements TlsUser {
  private final InternalTls engine;
  private final Keys keys = new Keys();
  private final Trust trust = new Trust();
  private final String host;
  private volatile TlsMaterial material;
  private volatile @Nullable HttpServer server;

  /**
   * For a server that is about to listen.
   *
   * @param refused told of each failed handshake, on its event loop; not of our own probes
   */
  public TlsListener(Certificates certificates, String host, RefusedHandshake refused) {
    this.host = host;
    material = certificates.material();
    engine =
        new InternalTls(
            (address, port, reason) -> {
              if (!certificates.isProbe(address, port)) {
                refused.refused(address, reason);
              }
            });
  }

  /** Switches it on. */
  public HttpServerOptions configure(HttpServerOptions options) {
    options
        .setSsl(true)
        .setUseAlpn(false)
        .setSslEngineOptions(engine)
        .setKeyCertOptions(keys)
        .setTrustOptions(trust)
        .setClientAuth(ClientAuth.REQUIRED)
        .setSslHandshakeTimeout(InternalTls.HANDSHAKE_TIMEOUT.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setEnabledSecureTransportProtocols(InternalTls.VERSIONS);
    return options;
  }

  /** It listens: from here on it takes part in swaps. */
  public Future<Void> listening(HttpServer listening, Certificates certificates) {
    server = listening;
    return certificates.register(this, material);
  }

  @Override
  public Future<Void> use(TlsMaterial next) {
    HttpServer current = server;
    if (current == null) {
      return Future.failedFuture("the listener is not open");
    }
    TlsMaterial before = material;
    material = next;
    return current
        .updateSSLOptions(options(), true)
        .onFailure(failure -> material = before)
        .mapEmpty();
  }

  @Override
  public Optional<SocketAddress> listensAt() {
    HttpServer current = server;
    if (current == null) {
      return Optional.empty();
    }
    boolean any = host.equals("0.0.0.0") || host.equals("::");
    return Optional.of(
        SocketAddress.inetSocketAddress(current.actualPort(), any ? "127.0.0.1" : host));
  }

  private ServerSSLOptions options() {
    return new ServerSSLOptions()
        .setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(keys)
        .setTrustOptions(trust)
        .setUseAlpn(false)
        .setSslHandshakeTimeout(InternalTls.HANDSHAKE_TIMEOUT.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setEnabledSecureTransportProtocols(InternalTls.VERSIONS);
  }

  /** Told of a handshake that failed. */
  @FunctionalInterface
  public interface RefusedHandshake {
    /** On the event loop of the connection. */
    void refused(String address, Reason reason);
  }

  /** Equal to itself alone, whatever the material. */
  private final class Keys implements KeyCertOptions {
    @Override
    public KeyCertOptions copy() {
      return this;
    }

    @Override
    public KeyManagerFactory getKeyManagerFactory(Vertx vertx) throws Exception {
      return KeyCertOptions.wrap(material.keys()).getKeyManagerFactory(vertx);
    }

    @Override
    public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx)
        throws Exception {
      return KeyCertOptions.wrap(material.keys()).keyManagerFactoryMapper(vertx);
    }
  }

  /** Equal to itself alone, whatever the material. */
  private final class Trust implements TrustOptions {
    @Override
    public TrustOptions copy() {
      return this;
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(Vertx vertx) throws Exception {
      return TrustOptions.wrap(material.trust()).getTrustManagerFactory(vertx);
    }

    @Override
    public Function<String, TrustManager[]> trustManagerMapper(Vertx vertx) throws Exception {
      return TrustOptions.wrap(material.trust()).trustManagerMapper(vertx);
    }
  }
}
