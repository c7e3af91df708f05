package io.portcullis.redis;

import io.portcullis.testing.Await;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Speaks just enough of the protocol to misbehave on purpose. Answers PING while {@code pongs}. */
final class FakeRedis {
  final AtomicInteger connections = new AtomicInteger();
  final List<String> commands = new CopyOnWriteArrayList<>();
  volatile boolean pongs = true;
  volatile boolean hangsUp;
  private final List<NetSocket> sockets = new CopyOnWriteArrayList<>();
  private final NetServer server;

  FakeRedis(Vertx vertx) {
    server = vertx.createNetServer().connectHandler(this::accept);
    Await.value(server.listen(0, "127.0.0.1"));
  }

  int port() {
    return server.actualPort();
  }

  /** Sends bytes on the newest connection. */
  void send(String bytes) {
    sockets.getLast().write(bytes);
  }

  private void accept(NetSocket socket) {
    connections.incrementAndGet();
    if (hangsUp) {
      socket.close();
      return;
    }
    sockets.add(socket);
    ReplyDecoder decoder =
        new ReplyDecoder(
            words -> {
              String command = words.items().getFirst().text();
              if (!command.equals("PING")) {
                commands.add(command + " " + words.items().get(1).text());
              } else if (pongs) {
                socket.write("+PONG\r\n");
              } else {
                commands.add(command);
              }
            });
    socket.handler(decoder::feed);
  }
}
