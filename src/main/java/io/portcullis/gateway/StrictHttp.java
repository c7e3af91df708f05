package io.portcullis.gateway;

import io.portcullis.model.Rejection;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.Http1xServerConnection;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the connections of a listener strict. To be called by the listener's connection handler,
 * which Vert.x runs on the connection's event loop before the first byte is decoded. One per
 * verticle instance: its connections share the room for a line.
 */
final class StrictHttp {
  private static final Logger log = LoggerFactory.getLogger(StrictHttp.class);
  private static final String DECODER = "httpDecoder";

  private final HttpServerOptions options;
  private final Consumer<Rejection> count;
  private final byte[] line;

  /**
   * For the listeners of one verticle instance.
   *
   * @param options the listener's: the limits of a request line and of a head are taken from it
   * @param count told of each refusal
   */
  StrictHttp(HttpServerOptions options, Consumer<Rejection> count) {
    this.options = options;
    this.count = count;
    this.line = new byte[Math.max(options.getMaxInitialLineLength(), options.getMaxHeaderSize())];
  }

  /**
   * Puts the strict decoder into a new connection; a connection that cannot have it is closed.
   *
   * @param partial told when a head has begun and is not whole, and when that is over
   */
  void install(HttpConnection connection, Consumer<Boolean> partial) {
    try {
      Framing framing =
          new Framing(line, options.getMaxInitialLineLength(), options.getMaxHeaderSize());
      ((Http1xServerConnection) connection)
          .channelHandlerContext()
          .pipeline()
          .replace(DECODER, DECODER, new StrictDecoder(options, framing, count, partial));
    } catch (RuntimeException unexpected) {
      log.atError()
          .addKeyValue("event.action", "connection.strict")
          .setCause(unexpected)
          .log("a connection could not be made strict and is closed");
      connection.close();
    }
  }
}
