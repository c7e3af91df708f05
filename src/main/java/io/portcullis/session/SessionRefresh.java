package io.portcullis.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.portcullis.config.SessionConfig;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews tokens: one flight for a session at a time in this node, which many requests may wait for,
 * each for a bounded time and not more than a bounded number of them. Safe on any thread.
 */
final class SessionRefresh {
  private static final Logger log = LoggerFactory.getLogger(SessionRefresh.class);

  private final RefreshParts parts;
  private final VertxInternal vertx;
  private final Duration patience;
  private final int mostWaiting;
  private final ConcurrentMap<String, RefreshFlight> flights = new ConcurrentHashMap<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Sessions that were just tried in vain beside a request: not again with each request. */
  private final Cache<String, Boolean> quiet;

  SessionRefresh(RefreshParts parts, Vertx vertx, SessionConfig config) {
    this.parts = parts;
    this.vertx = (VertxInternal) vertx;
    this.patience = config.refreshWait();
    this.mostWaiting = config.refreshWaiting();
    this.quiet =
        Caffeine.newBuilder()
            .maximumSize(config.cacheSize())
            .expireAfterWrite(parts.timing().poll().multipliedBy(2))
            .executor(Runnable::run)
            .build();
    parts.news().onChange(this::changed);
  }

  private void changed(String name) {
    RefreshFlight flight = flights.get(name);
    if (flight != null) {
      flight.nudge();
    }
  }

  /** Renews beside the request, which goes on with the token it has. */
  void begin(Handle handle, Session session) {
    boolean needless =
        flights.containsKey(handle.name())
            || quiet.getIfPresent(handle.name()) != null
            || !session.refreshable(parts.clock().instant());
    if (needless) {
      return;
    }
    flight(handle)
        .result()
        .onFailure(
            problem -> {
              quiet.put(handle.name(), true);
              log.atDebug()
                  .addKeyValue("event.action", "session.refresh.postponed")
                  .addKeyValue("error.message", problem.getMessage())
                  .log("a session was not renewed beside a request");
            });
  }

  /**
   * Waits for a token that has not expired.
   *
   * @return completes on the caller's context, at the latest when the patience is over
   */
  Future<Session> await(Handle handle) {
    if (waiting.incrementAndGet() > mostWaiting) {
      waiting.decrementAndGet();
      return Future.failedFuture(SessionRefusals.crowded());
    }
    Promise<Session> mine = vertx.getOrCreateContext().promise();
    Rejection late = SessionRefusals.notNow(Duration.ofSeconds(1));
    long timer = vertx.setTimer(patience.toMillis(), due -> mine.tryFail(late));
    join(handle, mine);
    return mine.future()
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              waiting.decrementAndGet();
            });
  }

  private void join(Handle handle, Promise<Session> mine) {
    RefreshFlight flight = flight(handle);
    flight.await();
    flight
        .result()
        .onComplete(
            result -> {
              if (result.succeeded()) {
                mine.tryComplete(result.result());
              } else if (SessionRefusals.isElsewhere(result.cause())
                  && !mine.future().isComplete()) {
                // It had given up before it knew that somebody waits.
                join(handle, mine);
              } else {
                mine.tryFail(result.cause());
              }
            });
  }

  private RefreshFlight flight(Handle handle) {
    RefreshFlight fresh = new RefreshFlight(parts, vertx, handle, patience, this::await);
    RefreshFlight other = flights.putIfAbsent(handle.name(), fresh);
    if (other != null) {
      return other;
    }
    fresh.result().onComplete(done -> flights.remove(handle.name(), fresh));
    fresh.start();
    return fresh;
  }
}
