package io.portcullis.gateway;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open connections of one gateway instance: not more than allowed, and none that opens and then
 * never sends a whole request head (a slow client would otherwise hold it by one byte at a time).
 * Not thread-safe; one per instance.
 */
final class Connections {
  private final int limit;
  private final long headNanos;

  /** Connections that have not sent a request yet, by when they were opened. */
  private final Map<HttpConnection, Long> silent = new HashMap<>();

  private int open;

  Connections(int limit, Duration headTimeout) {
    this.limit = limit;
    this.headNanos = headTimeout.toNanos();
  }

  /** A new connection: kept, or closed when there are too many. */
  void opened(HttpConnection connection, long nowNanos, Runnable whenClosed) {
    open++;
    connection.closeHandler(
        closed -> {
          open--;
          silent.remove(connection);
          whenClosed.run();
        });
    if (open > limit) {
      connection.close();
    } else {
      silent.put(connection, nowNanos);
    }
  }

  /** A request head has arrived whole. */
  void spoke(HttpConnection connection) {
    if (!silent.isEmpty()) {
      silent.remove(connection);
    }
  }

  /** Closes what has been silent for too long. */
  void expire(long nowNanos) {
    if (silent.isEmpty()) {
      return;
    }
    List<HttpConnection> late = new ArrayList<>();
    silent.forEach(
        (connection, since) -> {
          if (nowNanos - since > headNanos) {
            late.add(connection);
          }
        });
    late.forEach(HttpConnection::close);
  }
}
