package io.portcullis.gateway;

import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open connections of one gateway instance: not more than allowed, and none that owes us the
 * rest of something for too long: the first request head, a later one that has begun, or a body that
 * nobody wants any more (a slow client would otherwise hold it by one byte at a time). Not
 * thread-safe; one per instance.
 */
final class Connections {
  private final int limit;
  private final long headNanos;

  /** Connections that owe us bytes, by since when. */
  private final Map<HttpConnection, Long> owing = new HashMap<>();

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
          owing.remove(connection);
          whenClosed.run();
        });
    if (open > limit) {
      connection.close();
    } else {
      owing.put(connection, nowNanos);
    }
  }

  /** Something has begun on a connection that must not take forever. */
  void owes(HttpConnection connection, long nowNanos) {
    owing.putIfAbsent(connection, nowNanos);
  }

  /** It has arrived whole. */
  void spoke(HttpConnection connection) {
    if (!owing.isEmpty()) {
      owing.remove(connection);
    }
  }

  /** Closes what has owed for too long. */
  void expire(long nowNanos) {
    if (owing.isEmpty()) {
      return;
    }
    List<HttpConnection> late = new ArrayList<>();
    owing.forEach(
        (connection, since) -> {
          if (nowNanos - since > headNanos) {
            late.add(connection);
          }
        });
    late.forEach(HttpConnection::close);
  }
}
