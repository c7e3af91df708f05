package io.portcullis.redis;

import io.netty.channel.EventLoop;
import io.portcullis.config.Endpoint;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One connection: commands out, replies back in the same order. Commands of one turn of the event
 * loop leave in one write, which is most of what pipelining saves. Used on its event loop only.
 */
final class LaneConnection {
  private static final int BUFFER_BYTES = 1024;

  private final RedisLane lane;
  private final EventLoop loop;
  private final NetSocket socket;
  private final Endpoint server;
  private final ArrayDeque<Pending> inFlight = new ArrayDeque<>();
  private final ReplyDecoder decoder = new ReplyDecoder(this::replied);
  private Buffer out = Buffer.buffer(BUFFER_BYTES);
  private boolean flushing;
  private boolean gone;

  LaneConnection(RedisLane lane, EventLoop loop, NetSocket socket, Endpoint server) {
    this.lane = lane;
    this.loop = loop;
    this.socket = socket;
    this.server = server;
    socket.handler(this::received);
    socket.exceptionHandler(problem -> lost("connection-lost"));
    socket.closeHandler(closed -> lost("connection-lost"));
  }

  /** Where it leads. */
  Endpoint server() {
    return server;
  }

  /** Commands whose reply has not come, those past their deadline included. */
  int pending() {
    return inFlight.size();
  }

  void send(Pending pending) {
    inFlight.add(pending);
    pending.command.encode(out);
    if (!flushing) {
      flushing = true;
      loop.execute(this::flush);
    }
  }

  /**
   * Fails what is overdue and tells how many still wait. Whoever is told may send again at once, so
   * nobody is told while the queue is walked; and what is overdue together is one failure of Redis.
   */
  int expire(long nanos) {
    List<Pending> overdue = new ArrayList<>(0);
    for (Pending pending : inFlight) {
      if (pending.overdueAt(nanos)) {
        overdue.add(pending);
      }
    }
    failAll(overdue, RedisException.of(RedisException.Kind.TIMEOUT, "timeout"));
    int waiting = 0;
    for (Pending pending : inFlight) {
      if (!pending.settled) {
        waiting++;
      }
    }
    return waiting;
  }

  private void failAll(List<Pending> lost, RedisException cause) {
    boolean told = false;
    for (Pending pending : lost) {
      told |= lane.broke(pending, cause, !told);
    }
  }

  /** Ends it; what is in flight fails. */
  void close(RedisException cause) {
    if (gone) {
      return;
    }
    gone = true;
    socket.close();
    List<Pending> lost = List.copyOf(inFlight);
    inFlight.clear();
    failAll(lost, cause);
  }

  private void flush() {
    flushing = false;
    if (!gone) {
      Buffer ready = out;
      out = Buffer.buffer(BUFFER_BYTES);
      socket.write(ready);
    }
  }

  private void received(Buffer bytes) {
    if (gone) {
      return;
    }
    try {
      decoder.feed(bytes);
    } catch (RedisException e) {
      lost(e.code());
    }
  }

  private void replied(Reply reply) {
    Pending pending = inFlight.poll();
    if (pending != null) {
      lane.answered(pending, reply);
    } else if (!gone) {
      throw new RedisException(
          RedisException.Kind.BROKEN, "protocol", "a reply that nobody asked for");
    }
  }

  private void lost(String code) {
    if (!gone) {
      lane.dropped(this, RedisException.of(RedisException.Kind.AWAY, code));
    }
  }
}
