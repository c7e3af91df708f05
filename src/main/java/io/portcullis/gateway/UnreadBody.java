package io.portcullis.gateway;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * What of a body was not read when the answer is out: a short rest is skipped, a long one ends the
 * connection.
 */
final class UnreadBody {
  private static final long DISCARDED_BYTES = 64 * 1024;

  private UnreadBody() {}

  /** Whether the rest is short enough to be skipped. */
  static boolean discardable(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null
        && length.length() <= 5
        && length.chars().allMatch(c -> c >= '0' && c <= '9')
        && Long.parseLong(length) <= DISCARDED_BYTES;
  }

  /** Skips the rest, for which its connection has the time of a head; or ends the connection. */
  static void discard(Exchange exchange, Connections connections) {
    // Whoever was reading must not take the rest for the whole.
    exchange.abort();
    HttpServerRequest request = exchange.request;
    request.endHandler(null);
    request.exceptionHandler(null);
    if (discardable(request)) {
      HttpConnection connection = request.connection();
      connections.owes(connection, System.nanoTime());
      request.endHandler(end -> connections.spoke(connection));
      request.handler(chunk -> {});
      request.resume();
    } else {
      request.connection().close();
    }
  }
}
