package io.portcullis.redis;

import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.portcullis.tls.Trust;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One subscribed connection after another: finds the primary, dials, subscribes, and tries again
 * for ever with growing, jittered pauses (full pause between 50 ms and 1 s, at least half of it).
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
  private final ContextInternal context;
  private final Primary primary;
  private final Optional<Trust> trust;
  private final RedisConfig config;
  private final long connectMillis;
  private final List<String> channels;
  private final Listener listener;
  private final Set<String> unconfirmed = new HashSet<>();
  private @Nullable Redis client;
  private @Nullable RedisConnection current;
  private @Nullable Endpoint server;
  private long heardNanos;
  private long beat;

  /** Number of the current attempt; what an older one still reports does not count. */
  private int attempt;

  private int failures;
  private boolean closed;

  BroadcastLink(
      ContextInternal context,
      RedisConfig config,
      RedisLanes lanes,
      List<String> channels,
      Listener listener) {
    this.vertx = context.owner();
    this.context = context;
    this.primary = lanes.primary();
    this.trust = lanes.dialer().trust();
    this.config = config;
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

  /** The primary is there now. */
  void moved(Endpoint place) {
    Endpoint now = server;
    if (now != null && !now.equals(place)) {
      lost(attempt, "primary-moved");
    }
  }

  private void dial() {
    if (closed) {
      return;
    }
    int mine = attempt;
    primary
        .find(context)
        .onComplete(
            place -> dial(mine, place), problem -> lost(mine, LaneConnector.codeOf(problem)));
  }

  private void dial(int mine, Endpoint place) {
    if (mine != attempt || closed) {
      return;
    }
    server = place;
    Redis fresh = Redis.createClient(vertx, options(place));
    client = fresh;
    // The client's own future may never complete (vertx-redis-client#541).
    fresh
        .connect()
        .timeout(connectMillis, TimeUnit.MILLISECONDS)
        .compose(this::checked)
        .onComplete(
            connection -> opened(mine, connection),
            problem -> lost(mine, LaneConnector.codeOf(problem)));
  }

  /** A replica passes messages on as well, until it loses its primary. */
  private Future<RedisConnection> checked(RedisConnection fresh) {
    if (!primary.moves()) {
      return Future.succeededFuture(fresh);
    }
    return fresh
        .send(Request.cmd(Command.ROLE))
        .timeout(connectMillis, TimeUnit.MILLISECONDS)
        .compose(
            role ->
                role != null && role.size() > 0 && role.get(0).toString().equals("master")
                    ? Future.succeededFuture(fresh)
                    : Future.failedFuture(
                        RedisException.of(RedisException.Kind.AWAY, "not-primary")));
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
    server = null;
    Redis last = client;
    client = null;
    return last == null ? Future.succeededFuture() : last.close();
  }

  private static String firstWord(String error) {
    int space = error.indexOf(' ');
    return space < 0 ? error : error.substring(0, space);
  }

  /** Channels have nothing to do with databases, so none is selected. */
  private RedisOptions options(Endpoint place) {
    NetClientOptions transport =
        new NetClientOptions()
            .setTcpNoDelay(true)
            .setTcpKeepAlive(true)
            .setConnectTimeout((int) connectMillis);
    trust.ifPresent(
        roots ->
            transport
                .setSsl(true)
                .setHostnameVerificationAlgorithm(Trust.NAMES_COMPARED)
                .setTrustOptions(roots.options())
                .setSslHandshakeTimeout(connectMillis)
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
    RedisOptions options =
        new RedisOptions()
            .setConnectionString((trust.isPresent() ? "rediss://" : "redis://") + place)
            .setPoolName("broadcast")
            .setMaxPoolSize(2)
            .setMaxPoolWaiting(2)
            .setNetClientOptions(transport);
    if (!config.password().value().isEmpty()) {
      options.setPassword(config.password().value());
      if (!config.username().isEmpty()) {
        options.setUser(config.username());
      }
    }
    return options;
  }
}
