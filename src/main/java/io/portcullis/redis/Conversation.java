package io.portcullis.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;

/**
 * Commands and replies in their order on one socket, without deadlines or health: whoever is out of
 * patience ends it. What is said between two nodes of Redis' family rarely, not what lanes carry.
 * Used on its event loop only.
 */
final class Conversation {
  private final ContextInternal context;
  private final NetSocket socket;
  private final ArrayDeque<Promise<Reply>> waiting = new ArrayDeque<>();
  private final ReplyDecoder decoder = new ReplyDecoder(this::replied);
  private boolean over;

  Conversation(ContextInternal context, NetSocket socket) {
    this.context = context;
    this.socket = socket;
    socket.handler(this::received);
    socket.exceptionHandler(problem -> end("connection-lost"));
    socket.closeHandler(closed -> end("connection-lost"));
  }

  boolean isOver() {
    return over;
  }

  /** Fails with {@link RedisException}, also when the answer is an error. */
  Future<Reply> say(Command command) {
    if (over) {
      return context.failedFuture(RedisException.of(RedisException.Kind.AWAY, "connection-lost"));
    }
    Promise<Reply> promise = context.promise();
    waiting.add(promise);
    Buffer words = Buffer.buffer();
    command.encode(words);
    socket.write(words);
    return promise.future();
  }

  /** Closes the socket; who waits is told why. */
  void end(String code) {
    if (over) {
      return;
    }
    over = true;
    socket.close();
    RedisException cause = RedisException.of(RedisException.Kind.AWAY, code);
    for (Promise<Reply> next = waiting.poll(); next != null; next = waiting.poll()) {
      next.fail(cause);
    }
  }

  private void received(Buffer bytes) {
    if (over) {
      return;
    }
    try {
      decoder.feed(bytes);
    } catch (RedisException e) {
      end(e.code());
    }
  }

  private void replied(Reply reply) {
    Promise<Reply> next = waiting.poll();
    if (next == null) {
      end("protocol");
    } else if (reply.kind() == Reply.Kind.ERROR) {
      next.fail(new RedisException(RedisException.Kind.REFUSED, reply.errorCode(), reply.text()));
    } else {
      next.complete(reply);
    }
  }
}
