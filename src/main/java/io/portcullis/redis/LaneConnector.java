package io.portcullis.redis;

import io.netty.channel.EventLoop;
import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Gets a lane its connection: finds the primary, dials, logs in, and tries again for ever with
 * growing, jittered pauses (full pause between 50 ms and 2 s, at least half of it; half a second
 * where the primary may be elsewhere by then). One attempt at a time: whoever starts one has seen
 * the previous one end. Used on the lane's event loop only.
 */
final class LaneConnector {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;
  private static final long LONGEST_SEARCH_PAUSE_MILLIS = 500;

  private final RedisLane lane;
  private final ContextInternal context;
  private final EventLoop loop;
  private final Dialer dialer;
  private final Primary primary;
  private final RedisConfig config;
  private int failures;
  private boolean closed;

  LaneConnector(
      RedisLane lane, ContextInternal context, Dialer dialer, Primary primary, RedisConfig config) {
    this.lane = lane;
    this.context = context;
    this.loop = context.nettyEventLoop();
    this.dialer = dialer;
    this.primary = primary;
    this.config = config;
  }

  /** Whether no attempt has failed since the last connection, or since the start. */
  boolean hopeful() {
    return failures == 0;
  }

  /** Whether it looks for the primary anew each time. */
  boolean searches() {
    return primary.moves();
  }

  void close() {
    closed = true;
  }

  /** Starts an attempt; it ends in {@link RedisLane#connected} or in another attempt. */
  void dial() {
    if (!closed) {
      context.runOnContext(
          start ->
              primary
                  .find(context)
                  .compose(at -> dialer.open(context, at).compose(socket -> greet(socket, at)))
                  .onComplete(this::welcome, this::failed));
    }
  }

  /** Dials after a pause. */
  void redial() {
    failures++;
    long longest = searches() ? LONGEST_SEARCH_PAUSE_MILLIS : LONGEST_PAUSE_MILLIS;
    long pause = Math.min(longest, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
    long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    loop.schedule(this::dial, jittered, TimeUnit.MILLISECONDS);
  }

  private Future<LaneConnection> greet(NetSocket socket, Endpoint at) {
    LaneConnection fresh = new LaneConnection(lane, loop, socket, at);
    List<Future<Reply>> answers = new ArrayList<>();
    for (Command command : greeting()) {
      Promise<Reply> promise = context.promise();
      answers.add(promise.future());
      long now = System.nanoTime();
      fresh.send(new Pending(promise, command, null, now, now, false));
    }
    RedisException late = RedisException.of(RedisException.Kind.TIMEOUT, "connect-timeout");
    ScheduledFuture<?> deadline =
        loop.schedule(
            () -> fresh.close(late), config.connectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    return Future.all(answers)
        .compose(welcome -> checkRole(answers.getLast().result(), at))
        .map(welcome -> fresh)
        .onComplete(done -> deadline.cancel(false))
        .onFailure(
            refused -> fresh.close(RedisException.of(RedisException.Kind.AWAY, codeOf(refused))));
  }

  private List<Command> greeting() {
    List<Command> commands = new ArrayList<>();
    String password = config.password().value();
    if (!password.isEmpty()) {
      commands.add(
          config.username().isEmpty()
              ? Command.of("AUTH", password)
              : Command.of("AUTH", config.username(), password));
    }
    if (config.database() != 0) {
      commands.add(Command.of("SELECT", Integer.toString(config.database())));
    }
    commands.add(Command.of(searches() ? "ROLE" : "PING"));
    return commands;
  }

  /** Whoever was the primary a moment ago may be a replica now, or not know yet that it is one. */
  private Future<Void> checkRole(Reply answer, Endpoint at) {
    if (!searches()) {
      return context.succeededFuture();
    }
    boolean primaryItself =
        !answer.items().isEmpty() && answer.items().getFirst().text().equals("master");
    if (primaryItself && primary.isAt(at)) {
      return context.succeededFuture();
    }
    return context.failedFuture(
        RedisException.of(
            RedisException.Kind.AWAY, primaryItself ? "primary-moved" : "not-primary"));
  }

  private void welcome(LaneConnection fresh) {
    if (closed) {
      fresh.close(RedisException.of(RedisException.Kind.AWAY, "closed"));
    } else {
      failures = 0;
      lane.connected(fresh);
    }
  }

  private void failed(Throwable problem) {
    if (!closed) {
      lane.unreachable(codeOf(problem));
      redial();
    }
  }

  /** A short stable name of a failure. */
  static String codeOf(Throwable problem) {
    return switch (problem) {
      case RedisException known -> known.code();
      case ConnectException refused -> "connection-refused";
      case UnknownHostException unknown -> "unknown-host";
      case SSLException refused -> "tls-refused";
      default -> problem.getClass().getSimpleName();
    };
  }
}
