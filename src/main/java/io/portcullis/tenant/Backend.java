package io.portcullis.tenant;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.impl.PgConnectionFactory;
import io.vertx.pgclient.impl.PgConnectionImpl;
import io.vertx.pgclient.impl.PgSocketConnection;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * One connection to PostgreSQL, on one event loop.
 *
 * <p>It reaches below the driver's public interface for one reason: a connection in doubt must be
 * cut now. The public {@code close()} says goodbye first and waits for the other side, which a
 * frozen server never answers, and an attempt to connect cannot be called back at all. Here each
 * connection has its own client, and closing that ends an attempt as well.
 */
final class Backend {
  private static final long GOODBYE_MILLIS = 1_000;

  private final ContextInternal context;
  private final PgConnectionFactory factory;
  private final PgConnectionImpl connection;
  private final long expiresAtNanos;

  /** Guarded by the pool's lock. */
  private long idleSinceNanos;

  /** Guarded by the pool's lock. */
  private String affinity = "";

  private Backend(
      ContextInternal context,
      PgConnectionFactory factory,
      PgConnectionImpl connection,
      long expiresAtNanos) {
    this.context = context;
    this.factory = factory;
    this.connection = connection;
    this.expiresAtNanos = expiresAtNanos;
  }

  /**
   * Connects on this event loop.
   *
   * @param timeout of the whole attempt, login included
   * @param lifetime after which the connection is to be replaced
   */
  static Future<Backend> open(
      VertxInternal vertx,
      EventLoop loop,
      PgConnectOptions options,
      Duration timeout,
      Duration lifetime) {
    // A context of its own: in a verticle's context the client would be closed with that verticle.
    ContextInternal context = vertx.contextBuilder().withEventLoop(loop).build();
    Promise<Backend> promise = Promise.promise();
    context.runOnContext(
        ignored -> connect(context, options, timeout, lifetime).onComplete(promise));
    return promise.future();
  }

  private static Future<Backend> connect(
      ContextInternal context, PgConnectOptions options, Duration timeout, Duration lifetime) {
    NetClientOptions transport =
        new NetClientOptions()
            .setConnectTimeout((int) timeout.toMillis())
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true);
    PgConnectionFactory factory = new PgConnectionFactory(context.owner(), transport);
    return factory
        .connect((Context) context, options)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .map(
            connection -> {
              PgConnectionImpl link = (PgConnectionImpl) connection;
              link.exceptionHandler(failure -> {});
              link.noticeHandler(notice -> {});
              return new Backend(context, factory, link, System.nanoTime() + lifetime.toNanos());
            })
        .onFailure(failure -> factory.close((result, ignored) -> {}));
  }

  /** For queries; to be used on any thread, but in order only from one. */
  PgConnectionImpl connection() {
    return connection;
  }

  ContextInternal context() {
    return context;
  }

  EventLoop loop() {
    return context.nettyEventLoop();
  }

  /** Whether the socket is open as far as we know. The channel knows before the driver does. */
  boolean isOpen() {
    return connection.unwrap().isValid()
        && socket().socket().channelHandlerContext().channel().isActive();
  }

  boolean isExpired(long nowNanos) {
    return nowNanos - expiresAtNanos > 0;
  }

  long idleSinceNanos() {
    return idleSinceNanos;
  }

  void idleSinceNanos(long nowNanos) {
    this.idleSinceNanos = nowNanos;
  }

  String affinity() {
    return affinity;
  }

  void affinity(String newAffinity) {
    this.affinity = newAffinity;
  }

  /** Says goodbye, and cuts when that takes too long. */
  void close() {
    context.runOnContext(
        ignored ->
            connection
                .close()
                .timeout(GOODBYE_MILLIS, TimeUnit.MILLISECONDS)
                .onComplete(result -> kill()));
  }

  /**
   * Cuts the socket. On the connection's event loop this is done before the call returns, so that
   * nothing queued behind it can reach the server any more.
   */
  void kill() {
    if (loop().inEventLoop()) {
      cut();
    } else {
      loop().execute(this::cut);
    }
  }

  private void cut() {
    // From the head of the pipeline: the driver's handler would turn a close into a goodbye.
    ChannelHandlerContext head =
        socket().socket().channelHandlerContext().pipeline().firstContext();
    if (head != null) {
      head.close();
    }
    factory.close((result, failure) -> {});
  }

  private PgSocketConnection socket() {
    return (PgSocketConnection) connection.unwrap().unwrap();
  }
}
