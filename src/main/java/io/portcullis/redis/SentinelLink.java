package io.portcullis.redis;

import io.portcullis.config.Endpoint;
import io.portcullis.config.SentinelConfig;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks one sentinel, on a connection that it keeps as long as answers come in time. One question at
 * a time, on its event loop.
 */
final class SentinelLink {
  private final ContextInternal context;
  private final Dialer dialer;
  private final Endpoint sentinel;
  private final SentinelConfig config;
  private final Duration patience;
  private @Nullable Conversation open;

  SentinelLink(
      ContextInternal context,
      Dialer dialer,
      Endpoint sentinel,
      SentinelConfig config,
      Duration patience) {
    this.context = context;
    this.dialer = dialer;
    this.sentinel = sentinel;
    this.config = config;
    this.patience = patience;
  }

  /**
   * What a sentinel says.
   *
   * @param epoch of the failover that this is the result of: of two sentinels, the one with the
   *     greater has the newer news
   */
  record Sighting(Endpoint primary, long epoch) {}

  /** Fails with {@link RedisException} when no usable answer came within the patience. */
  Future<Sighting> ask() {
    Conversation kept = open;
    Future<Conversation> ready =
        kept != null && !kept.isOver() ? context.succeededFuture(kept) : greet();
    return ready
        .compose(this::sighting)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(problem -> close());
  }

  void close() {
    Conversation last = open;
    open = null;
    if (last != null) {
      last.end("closed");
    }
  }

  @Override
  public String toString() {
    return sentinel.toString();
  }

  private Future<Conversation> greet() {
    return dialer
        .open(context, sentinel, patience)
        .compose(
            socket -> {
              close();
              Conversation fresh = new Conversation(context, socket);
              open = fresh;
              String password = config.password().value();
              if (password.isEmpty()) {
                return context.succeededFuture(fresh);
              }
              Command login =
                  config.username().isEmpty()
                      ? Command.of("AUTH", password)
                      : Command.of("AUTH", config.username(), password);
              return fresh.say(login).map(welcome -> fresh);
            });
  }

  private Future<Sighting> sighting(Conversation with) {
    Future<Reply> place =
        with.say(Command.of("SENTINEL", "GET-MASTER-ADDR-BY-NAME", config.primaryName()));
    Future<Reply> facts = with.say(Command.of("SENTINEL", "MASTER", config.primaryName()));
    return place.compose(at -> facts.map(more -> new Sighting(endpoint(at), epoch(more))));
  }

  private static Endpoint endpoint(Reply place) {
    List<Reply> items = place.items();
    if (items.size() != 2) {
      throw RedisException.of(RedisException.Kind.AWAY, "primary-unknown");
    }
    return new Endpoint(items.get(0).text(), (int) number(items.get(1).text()));
  }

  /** Names and values by turns. */
  private static long epoch(Reply facts) {
    List<Reply> items = facts.items();
    for (int i = 0; i + 1 < items.size(); i += 2) {
      if (items.get(i).text().equals("config-epoch")) {
        return number(items.get(i + 1).text());
      }
    }
    throw RedisException.of(RedisException.Kind.BROKEN, "protocol");
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw RedisException.of(RedisException.Kind.BROKEN, "protocol");
    }
  }
}
