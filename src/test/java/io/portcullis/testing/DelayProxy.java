package io.portcullis.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A TCP proxy on a free port of loopback that holds every byte back for a while in each direction,
 * and can go silent or cut all connections. Throughput is not limited: what arrives together leaves
 * together.
 */
public final class DelayProxy implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final Duration delay;
  private final int targetPort;
  private final NetServer server;
  private final NetClient client;
  private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
  private volatile boolean stalled;

  private DelayProxy(Duration delay, int targetPort) {
    this.delay = delay;
    this.targetPort = targetPort;
    this.server = vertx.createNetServer(new NetServerOptions().setTcpNoDelay(true));
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
  }

  /** Starts one before this port of loopback. */
  public static DelayProxy start(Duration delay, int targetPort) {
    DelayProxy proxy = new DelayProxy(delay, targetPort);
    await(proxy.server.connectHandler(proxy::accept).listen(0, "127.0.0.1"));
    return proxy;
  }

  /** The port to connect to. */
  public int port() {
    return server.actualPort();
  }

  /** From now on nothing arrives any more; connections stay open. What is sent now is lost. */
  public void stall() {
    stalled = true;
  }

  /** New connections work again; those that were stalled have lost bytes and should be cut. */
  public void resume() {
    stalled = false;
  }

  /** Closes all connections; new ones are accepted. */
  public void cut() {
    sockets.forEach(NetSocket::close);
  }

  @Override
  public void close() {
    await(vertx.close());
  }

  private void accept(NetSocket near) {
    near.pause();
    sockets.add(near);
    near.closeHandler(closed -> sockets.remove(near));
    client
        .connect(targetPort, "127.0.0.1")
        .onFailure(failure -> near.close())
        .onSuccess(
            far -> {
              sockets.add(far);
              forward(near, far);
              forward(far, near);
              near.resume();
            });
  }

  private void forward(NetSocket from, NetSocket to) {
    from.handler(bytes -> later(() -> write(to, bytes)));
    from.closeHandler(
        closed -> {
          sockets.remove(from);
          later(to::close);
        });
    from.exceptionHandler(failure -> {});
  }

  /** Timers of one length fire in the order in which they were set. */
  private void later(Runnable action) {
    if (delay.isZero()) {
      action.run();
    } else {
      vertx.setTimer(delay.toMillis(), fired -> action.run());
    }
  }

  private void write(NetSocket to, Buffer bytes) {
    if (!stalled) {
      to.write(bytes);
    }
  }

  private static void await(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}
