package io.portcullis.redis;

import io.portcullis.config.Endpoint;
import io.portcullis.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server or a sentinel that answers what a test wants. */
final class ScriptedRedis {
  final AtomicInteger connections = new AtomicInteger();
  volatile String role = "master";

  /** What a sentinel says; an empty host: nothing at all. */
  volatile Endpoint primary = new Endpoint("", 0);

  volatile long epoch;

  /** What a server says to anything else. */
  volatile String answer = "+OK\r\n";

  private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
  private final NetServer server;

  ScriptedRedis(Vertx vertx) {
    server = vertx.createNetServer().connectHandler(this::accept);
    Await.value(server.listen(0, "127.0.0.1"));
  }

  Endpoint place() {
    return new Endpoint("127.0.0.1", server.actualPort());
  }

  /** As a failover does to a server that becomes a replica. */
  void hangUp() {
    sockets.forEach(NetSocket::close);
  }

  private void accept(NetSocket socket) {
    connections.incrementAndGet();
    sockets.add(socket);
    ReplyDecoder decoder =
        new ReplyDecoder(
            words -> socket.write(reply(words.items().stream().map(Reply::text).toList())));
    socket.handler(decoder::feed);
  }

  private String reply(List<String> words) {
    return switch (words.getFirst()) {
      case "PING" -> "+PONG\r\n";
      case "ROLE" -> "*1\r\n" + bulk(role);
      case "SENTINEL" ->
          primary.host().isEmpty() ? "" : words.get(1).equals("MASTER") ? facts() : address();
      default -> answer;
    };
  }

  private String address() {
    return "*2\r\n" + bulk(primary.host()) + bulk(Integer.toString(primary.port()));
  }

  private String facts() {
    return "*4\r\n" + bulk("name") + bulk("state") + bulk("config-epoch") + bulk("" + epoch);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
