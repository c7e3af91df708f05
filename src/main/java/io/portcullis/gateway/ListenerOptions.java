package io.portcullis.gateway;

import io.portcullis.config.HttpConfig;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;

/** How a listener of the gateway speaks HTTP, the same for both: HTTP/1.1 with bounds. */
final class ListenerOptions {
  private ListenerOptions() {}

  static HttpServerOptions of(HttpConfig http) {
    return new HttpServerOptions()
        .setMaxHeaderSize(http.maxHeaderBytes())
        .setMaxInitialLineLength(http.maxTargetBytes())
        .setMaxChunkSize(64 * 1024)
        .setIdleTimeout(Math.toIntExact(http.idleTimeout().toMillis()))
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setHttp2ClearTextEnabled(false)
        .setCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setHandle100ContinueAutomatically(false)
        .setTcpNoDelay(true)
        .setReuseAddress(true);
  }
}
