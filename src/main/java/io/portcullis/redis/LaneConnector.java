package io.portcullis.redis;

import io.netty.channel.EventLoop;
import io.portcullis.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Gets a lane its connection: dials, logs in, and tries again for ever with growing, jittered
 * pauses (full pause between 50 ms and 2 s, at least half of it). One attempt at a time: whoever
 * starts one has seen the previous one end. Used on the lane's event loop only.
 */
final class LaneConnector {
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final RedisLane lane;
  private final ContextInternal context;
  private final EventLoop loop;
  private final NetClient client;
  private final RedisConfig config;
  private int failures;
  private boolean closed;

  LaneConnector(RedisLane lane, ContextInternal context, NetClient client, RedisConfig config) {
    this.lane = lane;
    this.context = context;
    this.loop = context.nettyEventLoop();
    this.client = client;
    this.config = config;
  }

  /** Whether no attempt has failed since the last connection, or since the start. */
  boolean hopeful() {
    return failures == 0;
  }

  void close() {
    closed = true;
  }

  /** Starts an attempt; it ends in {@link RedisLane#connected} or in another attempt. */
  void dial() {
    if (!closed) {
      context.runOnContext(
          start ->
              client
                  .connect(config.port(), config.host())
                  .compose(this::greet)
                  .onComplete(this::welcome, this::failed));
    }
  }

  /** Dials after a pause. */
  void redial() {
    failures++;
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures - 1, 10));
    long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    loop.schedule(this::dial, jittered, TimeUnit.MILLISECONDS);
  }

  private Future<LaneConnection> greet(NetSocket socket) {
    LaneConnection fresh = new LaneConnection(lane, loop, socket);
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
    commands.add(Command.of("PING"));
    return commands;
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
      default -> problem.getClass().getSimpleName();
    };
  }
}
