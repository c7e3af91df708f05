package io.portcullis.tls;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one client: it shows the node's certificate and takes the other side only with the role
 * that it must have. The name is the SPIFFE name, so host names are not compared.
 *
 * <p>Vert.x' client ignores that an update is forced and goes by the equality of the options alone.
 * Here each swap has options of its own: new requests use new connections at once, the old
 * connections finish what they do.
 */
public final class TlsClient implements TlsUser {
  private final PeerCheck check;
  private final TlsMaterial first;
  private volatile @Nullable HttpClientAgent client;

  /** For a client that is about to be made. */
  public TlsClient(Certificates certificates, PeerCheck check) {
    this.check = check;
    this.first = certificates.material();
  }

  /** Switches it on. */
  public HttpClientOptions configure(HttpClientOptions options) {
    options
        .setSsl(true)
        .setVerifyHost(false)
        .setUseAlpn(false)
        .setSslEngineOptions(new InternalTls((address, port, reason) -> {}))
        .setKeyCertOptions(KeyCertOptions.wrap(first.keys()))
        .setTrustOptions(TrustOptions.wrap(new RoleTrust(first.trust(), check)))
        .setSslHandshakeTimeout(InternalTls.HANDSHAKE_TIMEOUT.toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setEnabledSecureTransportProtocols(InternalTls.VERSIONS);
    return options;
  }

  /** It is made: from here on it takes part in swaps. */
  public Future<Void> made(HttpClientAgent made, Certificates certificates) {
    client = made;
    return certificates.register(this, first);
  }

  @Override
  public Future<Void> use(TlsMaterial next) {
    HttpClientAgent current = client;
    if (current == null) {
      return Future.failedFuture("the client is not made");
    }
    ClientSSLOptions options =
        new ClientSSLOptions()
            .setHostnameVerificationAlgorithm("")
            .setKeyCertOptions(KeyCertOptions.wrap(next.keys()))
            .setTrustOptions(TrustOptions.wrap(new RoleTrust(next.trust(), check)))
            .setUseAlpn(false)
            .setSslHandshakeTimeout(InternalTls.HANDSHAKE_TIMEOUT.toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setEnabledSecureTransportProtocols(InternalTls.VERSIONS);
    return current.updateSSLOptions(options, true).mapEmpty();
  }

  @Override
  public Optional<SocketAddress> listensAt() {
    return Optional.empty();
  }
}
