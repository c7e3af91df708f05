package io.portcullis.tenant;

import io.portcullis.config.PostgresConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes to the registry, on a connection of its own. Does not reconnect by itself: who
 * asks at intervals anyway calls {@link #ensure} each time. Confined to its caller's context.
 */
final class TenantListener {
  private final Vertx vertx;
  private final PostgresConfig config;
  private final PgConnectOptions options;
  private final Runnable changed;
  private @Nullable Backend backend;
  private boolean connecting;
  private boolean closed;

  /** Reads the trusted certificates, which blocks. */
  TenantListener(Vertx vertx, PostgresConfig config, Runnable changed) {
    this.vertx = vertx;
    this.config = config;
    this.options = PgArguments.options(config, config.platform(), "portcullis-listener");
    this.changed = changed;
  }

  boolean isListening() {
    return backend != null && backend.isOpen();
  }

  /** Connects unless connected; a failure is left to the next call. */
  void ensure() {
    if (closed || connecting || isListening()) {
      return;
    }
    connecting = true;
    ContextInternal context = ((VertxInternal) vertx).getOrCreateContext();
    Backend.open(
            (VertxInternal) vertx,
            context.nettyEventLoop(),
            options,
            config.connectTimeout(),
            config.maxLifetime())
        .compose(opened -> listen(opened, context))
        .onComplete(
            opened -> context.runOnContext(ignored -> ready(opened)),
            failure -> context.runOnContext(ignored -> connecting = false));
  }

  private Future<Backend> listen(Backend opened, ContextInternal context) {
    opened
        .connection()
        .notificationHandler(notification -> context.runOnContext(ignored -> changed.run()));
    return opened
        .connection()
        .query("LISTEN portcullis_tenants")
        .execute()
        .timeout(config.unitTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .map(opened)
        .onFailure(failure -> opened.kill());
  }

  private void ready(Backend opened) {
    connecting = false;
    if (closed) {
      opened.close();
      return;
    }
    backend = opened;
    // Something may have changed between the last look and now.
    changed.run();
  }

  void close() {
    closed = true;
    if (backend != null) {
      backend.close();
    }
  }
}
