package io.portcullis.redis;

import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.portcullis.tls.Trust;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Opens sockets to Redis and its sentinels, by TLS where that is configured; the server must then
 * prove the name that it is called by. One for all lanes of one use.
 */
final class Dialer {
  private final NetClient client;
  private final Optional<Trust> trust;
  private final Duration patience;

  /** Reads the trusted certificates, which blocks. */
  Dialer(Vertx vertx, RedisConfig config) {
    this.patience = config.connectTimeout();
    this.trust = config.tls() ? Optional.of(Trust.of(config.trust())) : Optional.empty();
    this.client =
        vertx.createNetClient(
            new NetClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setConnectTimeout((int) patience.toMillis()));
  }

  /** Whom to believe; empty: no TLS. */
  Optional<Trust> trust() {
    return trust;
  }

  /** Opens a socket within the configured time; see {@link #open(ContextInternal, Endpoint)}. */
  Future<NetSocket> open(ContextInternal context, Endpoint to) {
    return open(context, to, patience);
  }

  /**
   * Opens a socket; to be called on the context's event loop, where the future completes.
   *
   * @param within covers the name, the connection and TLS together. A socket that comes later is
   *     closed
   */
  Future<NetSocket> open(ContextInternal context, Endpoint to, Duration within) {
    Promise<NetSocket> inTime = context.promise();
    RedisException late = RedisException.of(RedisException.Kind.TIMEOUT, "connect-timeout");
    ScheduledFuture<?> deadline =
        context
            .nettyEventLoop()
            .schedule(() -> inTime.tryFail(late), within.toNanos(), TimeUnit.NANOSECONDS);
    client
        .connect(options(to))
        .onComplete(
            socket -> {
              deadline.cancel(false);
              if (!inTime.tryComplete(socket)) {
                socket.close();
              }
            },
            problem -> {
              deadline.cancel(false);
              inTime.tryFail(problem);
            });
    return inTime.future();
  }

  private ConnectOptions options(Endpoint to) {
    ConnectOptions options = new ConnectOptions().setHost(to.host()).setPort(to.port());
    trust.ifPresent(roots -> options.setSsl(true).setSslOptions(tls(roots)));
    return options;
  }

  private ClientSSLOptions tls(Trust roots) {
    return roots.client(patience);
  }

  Future<Void> close() {
    return client.close();
  }
}
