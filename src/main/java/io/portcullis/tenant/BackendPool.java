package io.portcullis.tenant;

import io.netty.channel.EventLoop;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded set of connections that are lent for one unit of work each.
 *
 * <p>Differences to the driver's own pool, each for a reason: a connection in doubt can be thrown
 * away; the queue, the wait and the unit all have an end; a connection that last served the same
 * tenant is preferred, because another search path throws the server's plans away; while PostgreSQL
 * is away nobody queues for it.
 *
 * <p>Thread-safe. Users are called without the lock. Deadlines are kept by one timer that looks
 * every {@value #SWEEP_MILLIS} ms, so a unit costs no timer of its own.
 */
final class BackendPool {
  private static final Logger LOG = LoggerFactory.getLogger(BackendPool.class);
  private static final long SWEEP_MILLIS = 25;
  private static final long RETRY_NANOS = Duration.ofMillis(250).toNanos();

  /**
   * The bounds.
   *
   * @param maxSize connections, those being opened included
   * @param maxWaiting users waiting for one
   * @param connectTimeout of one attempt, and of waiting
   * @param maxLifetime of a connection
   */
  record Bounds(int maxSize, int maxWaiting, Duration connectTimeout, Duration maxLifetime) {}

  private record Waiter(BackendUser user, long untilNanos) {}

  private final VertxInternal vertx;
  private final PgConnectOptions options;
  private final Bounds bounds;
  private final ContextInternal timerContext;
  private final long timer;

  private final ReentrantLock lock = new ReentrantLock();
  private final IdleBackends idle = new IdleBackends();
  private final Map<Backend, BackendUser> busy = new HashMap<>();
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();
  private int opening;
  private long retryAtNanos = System.nanoTime();
  private boolean away;
  private boolean closed;

  BackendPool(Vertx vertx, PgConnectOptions options, Bounds bounds) {
    this.vertx = (VertxInternal) vertx;
    this.options = options;
    this.bounds = bounds;
    // Not the caller's context: a verticle's timers end with it.
    this.timerContext = this.vertx.createEventLoopContext();
    this.timer = timerContext.setPeriodic(SWEEP_MILLIS, ignored -> sweep());
  }

  /** Asks for a connection; the answer comes to the user, perhaps before this returns. */
  void lease(BackendUser user) {
    long now = System.nanoTime();
    Backend granted = null;
    Rejection refused = null;
    int toOpen = 0;
    lock.lock();
    try {
      granted = closed ? null : idle.take(user);
      if (granted != null) {
        busy.put(granted, user);
      } else if (closed || (size() == 0 && now - retryAtNanos < 0)) {
        refused = SqlFailure.unavailable();
      } else if (waiting.size() >= bounds.maxWaiting()) {
        refused = SqlFailure.overloaded();
      } else {
        waiting.add(new Waiter(user, waitUntil(user, now)));
        toOpen = reserveAttempts(now);
      }
    } finally {
      lock.unlock();
    }
    if (granted != null) {
      user.granted(granted);
    } else if (refused != null) {
      user.refused(refused);
    }
    open(toOpen, user.loop());
  }

  /** Gives a connection back, known to be outside of any transaction. */
  void release(Backend backend) {
    long now = System.nanoTime();
    Waiter next = null;
    int toOpen = 0;
    boolean close = false;
    lock.lock();
    try {
      BackendUser user = busy.remove(backend);
      if (user == null) {
        return;
      }
      backend.affinity(user.affinity());
      if (closed || backend.isExpired(now) || !backend.isOpen()) {
        close = true;
        toOpen = reserveAttempts(now);
      } else {
        next = serveOrKeep(backend, now);
      }
    } finally {
      lock.unlock();
    }
    if (close) {
      backend.close();
    }
    if (next != null) {
      next.user().granted(backend);
    }
    open(toOpen);
  }

  /** Throws a connection in doubt away. */
  void discard(Backend backend) {
    backend.kill();
    forget(backend);
  }

  /** Refuses who waits and closes all connections. */
  Future<Void> close() {
    List<Waiter> refused;
    List<Backend> backends;
    lock.lock();
    try {
      closed = true;
      refused = List.copyOf(waiting);
      waiting.clear();
      backends = idle.drain();
      backends.addAll(busy.keySet());
      busy.clear();
    } finally {
      lock.unlock();
    }
    timerContext.owner().cancelTimer(timer);
    refused.forEach(waiter -> waiter.user().refused(SqlFailure.unavailable()));
    backends.forEach(Backend::close);
    return Future.succeededFuture();
  }

  /** Connections open or being opened. */
  int open() {
    lock.lock();
    try {
      return size();
    } finally {
      lock.unlock();
    }
  }

  private int size() {
    return idle.size() + busy.size() + opening;
  }

  private long waitUntil(BackendUser user, long now) {
    long patience = now + bounds.connectTimeout().toNanos();
    return patience - user.deadlineNanos() < 0 ? patience : user.deadlineNanos();
  }

  private @Nullable Waiter serveOrKeep(Backend backend, long now) {
    Waiter next = waiting.poll();
    if (next == null) {
      idle.add(backend, now);
    } else {
      busy.put(backend, next.user());
    }
    return next;
  }

  /** How many attempts to start now; each is counted from here on. */
  private int reserveAttempts(long now) {
    if (closed || now - retryAtNanos < 0) {
      return 0;
    }
    int attempts = Math.min(waiting.size() - opening, bounds.maxSize() - size());
    if (attempts <= 0) {
      return 0;
    }
    opening += attempts;
    return attempts;
  }

  private void open(int attempts) {
    open(attempts, vertx.nettyEventLoopGroup().next());
  }

  private void open(int attempts, EventLoop loop) {
    for (int i = 0; i < attempts; i++) {
      Backend.open(vertx, loop, options, bounds.connectTimeout(), bounds.maxLifetime())
          .onComplete(this::opened, this::failed);
    }
  }

  private void opened(Backend backend) {
    Waiter next = null;
    boolean unwanted;
    boolean back;
    lock.lock();
    try {
      opening--;
      back = away;
      away = false;
      unwanted = closed;
      if (!unwanted) {
        next = serveOrKeep(backend, System.nanoTime());
      }
    } finally {
      lock.unlock();
    }
    if (back) {
      LOG.atInfo().addKeyValue("event.action", "postgresql.back").log("PostgreSQL answers again");
    }
    backend.connection().closeHandler(ignored -> lost(backend));
    if (unwanted) {
      backend.close();
    } else if (!backend.isOpen()) {
      forget(backend);
    }
    if (next != null) {
      next.user().granted(backend);
    }
  }

  private void failed(Throwable cause) {
    List<Waiter> refused = new ArrayList<>();
    boolean first;
    lock.lock();
    try {
      opening--;
      first = !away;
      away = true;
      retryAtNanos = System.nanoTime() + RETRY_NANOS;
      if (size() == 0) {
        refused.addAll(waiting);
        waiting.clear();
      }
    } finally {
      lock.unlock();
    }
    if (first) {
      LOG.atWarn()
          .addKeyValue("event.action", "postgresql.away")
          .addKeyValue("user.name", options.getUser())
          .addKeyValue("error.message", cause.getMessage())
          .log("PostgreSQL cannot be reached");
    }
    refused.forEach(waiter -> waiter.user().refused(SqlFailure.unavailable()));
  }

  /**
   * A connection has closed by itself. The driver fails what waits for its answers, but not what
   * was just on its way to it; and whoever is no longer among the busy has no deadline here any
   * more. So the user is told in a moment, when everything that was known has been said.
   */
  private void lost(Backend backend) {
    @Nullable BackendUser user;
    lock.lock();
    try {
      user = busy.get(backend);
    } finally {
      lock.unlock();
    }
    forget(backend);
    if (user != null) {
      timerContext
          .owner()
          .setTimer(SWEEP_MILLIS, ignored -> user.refused(SqlFailure.unavailable()));
    }
  }

  private void forget(Backend backend) {
    int toOpen = 0;
    lock.lock();
    try {
      boolean known = idle.remove(backend) || busy.remove(backend) != null;
      if (known) {
        toOpen = reserveAttempts(System.nanoTime());
      }
    } finally {
      lock.unlock();
    }
    open(toOpen);
  }

  private void sweep() {
    long now = System.nanoTime();
    List<Map.Entry<Backend, BackendUser>> overdue = new ArrayList<>(0);
    List<Waiter> refused = new ArrayList<>(0);
    List<Backend> retired;
    boolean reachable;
    int toOpen;
    lock.lock();
    try {
      for (Iterator<Map.Entry<Backend, BackendUser>> it = busy.entrySet().iterator();
          it.hasNext(); ) {
        Map.Entry<Backend, BackendUser> unit = it.next();
        if (now - unit.getValue().deadlineNanos() >= 0) {
          overdue.add(Map.entry(unit.getKey(), unit.getValue()));
          it.remove();
        }
      }
      waiting.removeIf(w -> now - w.untilNanos() >= 0 && refused.add(w));
      retired = idle.retire(now);
      reachable = idle.size() + busy.size() > 0;
      toOpen = reserveAttempts(now);
    } finally {
      lock.unlock();
    }
    overdue.forEach(
        unit -> {
          unit.getKey().kill();
          unit.getValue().overdue();
        });
    refused.forEach(
        w -> w.user().refused(reachable ? SqlFailure.overloaded() : SqlFailure.unavailable()));
    retired.forEach(Backend::close);
    open(toOpen);
  }
}
