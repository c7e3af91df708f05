package io.portcullis.redis;

import io.portcullis.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One subscribed connection after another: dials, subscribes, and tries again for ever with
 * growing, jittered pauses (full pause between 50 ms and 1 s, at least half of it).
 *
 * <p>The sign of life is to subscribe again to what is subscribed: Redis confirms it each time, the
 * client keeps no list of waiters for it (a PING's waiter could be handed a message instead), and a
 * connection on which nothing was heard for 2.5 s is given up.
 *
 * <p>Each attempt has a client of its own and closes it: the client does not close the socket of a
 * login that was refused, and would lose one with each attempt. Used on its event loop only.
 */
final class BroadcastLink {
  private static final long BEAT_MILLIS = 1_000;
  private static final long SILENCE_NANOS = 2_500_000_000L;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final Vertx vertx;
  private final RedisOptions options;
  private final long connectMillis;
  private final List<String> channels;
  private final Listener listener;
  private final Set<String> unconfirmed = new HashSet<>();
  private @Nullable Redis client;
  private @Nullable RedisConnection current;
  private long heardNanos;
  private long beat;

  /** Number of the current attempt; what an older one still reports does not count. */
  private int attempt;

  private int failures;
  private boolean closed;

  BroadcastLink(Vertx vertx, RedisConfig config, List<String> channels, Listener listener) {
    this.vertx = vertx;
    this.options = options(config);
    this.connectMillis = config.connectTimeout().toMillis();
    this.channels = channels;
    this.listener = listener;
  }

  /** What becomes of it. */
  interface Listener {
    /** Every channel is subscribed, for the first time or again. */
    void up();

    /** There is no connection; the next attempt follows. */
    void down(String code);

    void message(String channel, String text);
  }

  void start() {
    beat = vertx.setPeriodic(BEAT_MILLIS, tick -> beat());
    dial();
  }

  Future<Void> close() {
    closed = true;
    vertx.cancelTimer(beat);
    return drop();
  }

  private void dial() {
    if (closed) {
      return;
    }
    int mine = attempt;
    Redis fresh = Redis.createClient(vertx, new RedisOptions(options));
    client = fresh;
    // The client's own future may never complete (vertx-redis-client#541).
    fresh
        .connect()
        .timeout(connectMillis, TimeUnit.MILLISECONDS)
        .onComplete(
            connection -> opened(mine, connection),
            problem -> lost(mine, LaneConnector.codeOf(problem)));
  }

  private void opened(int mine, RedisConnection fresh) {
    if (mine != attempt) {
      return;
    }
    current = fresh;
    heardNanos = System.nanoTime();
    unconfirmed.addAll(channels);
    fresh.handler(reply -> received(mine, reply));
    fresh.exceptionHandler(problem -> lost(mine, "connection-lost"));
    fresh.endHandler(end -> lost(mine, "connection-lost"));
    subscribe(mine, fresh);
  }

  private void subscribe(int mine, RedisConnection to) {
    Request subscribe = Request.cmd(Command.SUBSCRIBE);
    channels.forEach(subscribe::arg);
    to.send(subscribe).onFailure(problem -> lost(mine, "connection-lost"));
  }

  private void beat() {
    RedisConnection to = current;
    if (to != null) {
      if (System.nanoTime() - heardNanos > SILENCE_NANOS) {
        lost(attempt, "silent");
      } else {
        subscribe(attempt, to);
      }
    }
  }

  private void received(int mine, @Nullable Response reply) {
    if (mine != attempt || reply == null) {
      return;
    }
    heardNanos = System.nanoTime();
    if (reply.type() == ResponseType.ERROR) {
      lost(mine, firstWord(reply.toString()));
      return;
    }
    boolean list = reply.type() == ResponseType.PUSH || reply.type() == ResponseType.MULTI;
    if (!list || reply.size() != 3) {
      return;
    }
    String channel = reply.get(1).toString();
    switch (reply.get(0).toString()) {
      case "subscribe" -> confirmed(channel);
      case "message" -> listener.message(channel, reply.get(2).toString());
      default -> {} // nothing else was asked for
    }
  }

  private void confirmed(String channel) {
    if (unconfirmed.remove(channel) && unconfirmed.isEmpty()) {
      failures = 0;
      listener.up();
    }
  }

  private void lost(int mine, String code) {
    if (mine != attempt) {
      return;
    }
    drop().onFailure(ignored -> {}); // nothing can be done about it
    listener.down(code);
    long pause = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10));
    failures++;
    long jittered = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    vertx.setTimer(jittered, timer -> dial());
  }

  /** Ends the attempt, and its connection if there is one. */
  private Future<Void> drop() {
    attempt++;
    unconfirmed.clear();
    current = null;
    Redis last = client;
    client = null;
    return last == null ? Future.succeededFuture() : last.close();
  }

  private static String firstWord(String error) {
    int space = error.indexOf(' ');
    return space < 0 ? error : error.substring(0, space);
  }

  /** Channels have nothing to do with databases, so none is selected. */
  private static RedisOptions options(RedisConfig config) {
    String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    RedisOptions options =
        new RedisOptions()
            .setConnectionString("redis://" + host + ":" + config.port())
            .setPoolName("broadcast")
            .setMaxPoolSize(2)
            .setMaxPoolWaiting(2)
            .setNetClientOptions(
                new NetClientOptions()
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setConnectTimeout((int) config.connectTimeout().toMillis()));
    if (!config.password().value().isEmpty()) {
      options.setPassword(config.password().value());
      if (!config.username().isEmpty()) {
        options.setUser(config.username());
      }
    }
    return options;
  }
}
