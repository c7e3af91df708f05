package io.portcullis.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.portcullis.redis.SentinelLink.Sighting;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A primary that Redis Sentinel moves. All sentinels are asked at once, once a second and whenever
 * somebody is about to connect; who knows of the newest failover is right, so one that was cut off
 * from the others leads nobody astray; nor does it when it is the only one that answers. While none
 * answers, the primary is where it was last seen.
 *
 * <p>Asking is more than waiting for {@code +switch-master}: a message that is lost is lost, and
 * the question also finds a primary that moved while nobody was connected.
 */
final class Sentinels implements Primary {
  private static final Logger log = LoggerFactory.getLogger(Sentinels.class);
  private static final long EVERY_MILLIS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ContextInternal context;
  private final String use;
  private final List<SentinelLink> links;
  private final Counter moves;
  private final List<Consumer<Endpoint>> listeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Endpoint current;
  private volatile int answering;
  private volatile boolean closed;

  /** The round of questions under way, if there is one. On the event loop only, like the rest. */
  private @Nullable Future<Endpoint> round;

  private long newestEpoch;
  private String trouble = "";

  Sentinels(
      ContextInternal context,
      Dialer dialer,
      RedisConfig config,
      MeterRegistry registry,
      String use) {
    this.context = context;
    this.use = use;
    this.links =
        config.sentinels().addresses().stream()
            .map(at -> new SentinelLink(context, dialer, at, config.sentinels(), PATIENCE))
            .toList();
    this.moves =
        Counter.builder("portcullis.redis.primary.moves")
            .tag("use", use)
            .description("Times that the sentinels named another primary")
            .register(registry);
    Gauge.builder("portcullis.redis.sentinels", this, me -> me.answering)
        .tag("use", use)
        .description("Sentinels that answered when they were last asked")
        .register(registry);
    context.runOnContext(start -> tick());
  }

  @Override
  public Future<Endpoint> find(ContextInternal caller) {
    Promise<Endpoint> found = caller.promise();
    context.runOnContext(run -> ask().onComplete(found));
    return found.future();
  }

  @Override
  public boolean moves() {
    return true;
  }

  @Override
  public boolean isAt(Endpoint place) {
    return place.equals(current);
  }

  @Override
  public void onMove(Consumer<Endpoint> listener) {
    listeners.add(listener);
  }

  @Override
  public void close() {
    closed = true;
    context.runOnContext(run -> links.forEach(SentinelLink::close));
  }

  private void tick() {
    if (!closed) {
      ask();
      context.owner().setTimer(EVERY_MILLIS, timer -> tick());
    }
  }

  private Future<Endpoint> ask() {
    Future<Endpoint> before = round;
    if (before != null) {
      return before;
    }
    if (closed) {
      return context.failedFuture(RedisException.of(RedisException.Kind.AWAY, "closed"));
    }
    List<Future<Sighting>> answers = links.stream().map(SentinelLink::ask).toList();
    Future<Endpoint> now = Future.join(answers).transform(done -> conclusion(answers));
    round = now;
    now.onComplete(done -> round = null);
    return now;
  }

  private Future<Endpoint> conclusion(List<Future<Sighting>> answers) {
    answering = (int) answers.stream().filter(Future::succeeded).count();
    tell(answers);
    answers.stream()
        .filter(Future::succeeded)
        .map(Future::result)
        .max(Comparator.comparingLong(Sighting::epoch))
        .filter(newest -> newest.epoch() >= newestEpoch || answering * 2 > links.size())
        .ifPresent(this::seen);
    Endpoint place = current;
    return place != null
        ? context.succeededFuture(place)
        : context.failedFuture(RedisException.of(RedisException.Kind.AWAY, "no-sentinel"));
  }

  /** Who does not answer, once for each change. */
  private void tell(List<Future<Sighting>> answers) {
    StringBuilder silent = new StringBuilder();
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i).failed()) {
        silent.append(silent.isEmpty() ? "" : ", ").append(links.get(i)).append(' ');
        silent.append(LaneConnector.codeOf(answers.get(i).cause()));
      }
    }
    String now = silent.toString();
    if (!now.equals(trouble)) {
      trouble = now;
      log.atLevel(now.isEmpty() ? Level.INFO : Level.WARN)
          .addKeyValue("event.action", "redis.sentinels")
          .addKeyValue("portcullis.redis.use", use)
          .addKeyValue("event.reason", now)
          .log(now.isEmpty() ? "every sentinel answers" : "sentinels do not answer");
    }
  }

  private void seen(Sighting newest) {
    newestEpoch = newest.epoch();
    Endpoint place = newest.primary();
    Endpoint before = current;
    if (place.equals(before)) {
      return;
    }
    current = place;
    log.atInfo()
        .addKeyValue("event.action", "redis.primary")
        .addKeyValue("portcullis.redis.use", use)
        .addKeyValue("server.address", place.host())
        .addKeyValue("server.port", place.port())
        .log("the sentinels name the primary");
    if (before != null) {
      moves.increment();
      listeners.forEach(listener -> listener.accept(place));
    }
  }
}
