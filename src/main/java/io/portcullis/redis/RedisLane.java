package io.portcullis.redis;

import io.netty.channel.EventLoop;
import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one event loop, and its health. Every call is answered by its deadline ({@link
 * DeadlineSweep}); a Redis that is sick is left alone by a {@link Breaker}, whose probe is a PING
 * of the lane's own; when nothing is asked, a PING per second keeps the status right.
 *
 * <p>Calls may come from any thread; everything else happens on the event loop.
 */
public final class RedisLane {
  private static final long BEAT_MILLIS = 1_000;
  private static final Duration BEAT_PATIENCE = Duration.ofMillis(250);
  private static final int PROBES_PER_CONNECTION = 2;

  private final ContextInternal context;
  private final EventLoop loop;
  private final LanePolicy policy;
  private final int maxPending;
  private final LaneMeters meters;
  private final Breaker breaker;
  private final LaneConnector connector;
  private final DeadlineSweep sweep;
  private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
  private @Nullable LaneConnection connection;
  private boolean closed;
  private boolean probing;
  private int failedProbes;
  private long lastReplyNanos;
  private final LaneStatus status = new LaneStatus();

  RedisLane(
      ContextInternal context,
      Dialer dialer,
      Primary primary,
      RedisConfig config,
      LanePolicy policy,
      LaneMeters meters) {
    this.context = context;
    this.loop = context.nettyEventLoop();
    this.policy = policy;
    this.maxPending = config.maxPending();
    this.meters = meters;
    this.breaker = new Breaker(policy.breakerFailures(), policy.breakerPause(), System::nanoTime);
    this.connector = new LaneConnector(this, context, dialer, primary, config);
    this.sweep = new DeadlineSweep(loop, this::expire);
  }

  /** Starts connecting; called once. */
  RedisLane open() {
    loop.execute(connector::dial);
    loop.schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  /** The health of this lane; any thread. */
  public RedisStatus status() {
    return status.now();
  }

  /**
   * Runs a script by its hash, and by its text when Redis does not know the hash (nothing has run
   * then).
   *
   * @param deadline when to give up; the future fails with {@link RedisException} by then
   */
  public Future<Reply> evalsha(
      Script script, List<String> keys, List<byte[]> args, Duration deadline) {
    return call(
        Command.evalsha(script, keys, args), Command.eval(script, keys, args), deadline.toNanos());
  }

  /**
   * Runs any command that answers with one reply and does not block.
   *
   * @param deadline when to give up; the future fails with {@link RedisException} by then
   */
  public Future<Reply> call(List<byte[]> words, Duration deadline) {
    return call(Command.of(words), null, deadline.toNanos());
  }

  private Future<Reply> call(Command command, @Nullable Command onNoScript, long deadlineNanos) {
    Promise<Reply> promise = context.owner().getOrCreateContext().promise();
    long now = System.nanoTime();
    Pending pending = new Pending(promise, command, onNoScript, now, now + deadlineNanos, true);
    if (loop.inEventLoop()) {
      submit(pending);
    } else {
      loop.execute(() -> submit(pending));
    }
    return promise.future();
  }

  private void submit(Pending pending) {
    LaneConnection to = connection;
    if (closed) {
      pending.fail(RedisException.of(RedisException.Kind.AWAY, "closed"));
    } else if (!breaker.allows()) {
      pending.fail(RedisException.of(RedisException.Kind.OPEN, "breaker-open"));
    } else if (to != null) {
      if (to.pending() >= maxPending) {
        pending.fail(RedisException.of(RedisException.Kind.FULL, "too-many-pending"));
      } else {
        send(to, pending);
      }
    } else if (connector.hopeful() && waiting.size() < maxPending) {
      // The very first connection is on its way: a new node does not begin with an outage.
      waiting.add(pending);
      sweep.arm();
    } else {
      pending.fail(RedisException.of(RedisException.Kind.AWAY, "not-connected"));
    }
  }

  private void send(LaneConnection to, Pending pending) {
    to.send(pending);
    sweep.arm();
  }

  private boolean expire(long nanos) {
    while (!waiting.isEmpty() && waiting.peekFirst().overdueAt(nanos)) {
      waiting.removeFirst().fail(RedisException.of(RedisException.Kind.TIMEOUT, "timeout"));
    }
    LaneConnection current = connection;
    boolean inFlight = current != null && current.expire(nanos) > 0;
    return inFlight || !waiting.isEmpty();
  }

  // What connection and connector report.

  void connected(LaneConnection fresh) {
    connection = fresh;
    failedProbes = 0;
    if (breaker.allows()) {
      status.up();
      failOrSubmitWaiting();
    } else {
      probeLater();
    }
  }

  void unreachable(String code) {
    status.down(code);
    failOrSubmitWaiting();
  }

  void answered(Pending pending, Reply reply) {
    lastReplyNanos = System.nanoTime();
    if (pending.settled) {
      return;
    }
    if (reply.kind() != Reply.Kind.ERROR) {
      if (pending.counted) {
        breaker.success();
        meters.answered(lastReplyNanos - pending.startNanos);
      }
      pending.complete(reply);
      return;
    }
    String code = reply.errorCode();
    LaneConnection to = connection;
    Command byText = pending.onNoScript;
    if (byText != null && to != null && code.equals("NOSCRIPT")) {
      send(
          to,
          new Pending(
              pending.promise, byText, null, pending.startNanos, pending.deadlineNanos, true));
      return;
    }
    if (pending.counted) {
      meters.failed();
      if (ServerErrors.areSick(code)) {
        suspect(code);
      } else {
        breaker.success();
      }
    }
    pending.fail(new RedisException(RedisException.Kind.REFUSED, code, reply.text()));
    if (to != null && connector.searches() && ServerErrors.areOfReplicas(code)) {
      dropped(to, RedisException.of(RedisException.Kind.AWAY, "not-primary"));
    }
  }

  /**
   * A command will have no answer.
   *
   * @param sign whether this says something of Redis that others lost with it did not say already
   * @return whether it did
   */
  boolean broke(Pending pending, RedisException cause, boolean sign) {
    if (pending.settled) {
      return false;
    }
    if (pending.counted) {
      meters.failed();
      if (sign) {
        suspect(cause.code());
      }
    }
    pending.fail(cause);
    return pending.counted;
  }

  void dropped(LaneConnection lost, RedisException cause) {
    boolean mine = lost == connection;
    if (mine) {
      connection = null;
    }
    lost.close(cause);
    if (mine && !closed) {
      status.down(cause.code());
      connector.redial();
    }
  }

  /** The primary is there now; any thread. */
  void moved(Endpoint place) {
    loop.execute(
        () -> {
          LaneConnection current = connection;
          if (current != null && !current.server().equals(place)) {
            dropped(current, RedisException.of(RedisException.Kind.AWAY, "primary-moved"));
          }
        });
  }

  private void failOrSubmitWaiting() {
    for (Pending next = waiting.poll(); next != null; next = waiting.poll()) {
      if (connection == null) {
        next.fail(RedisException.of(RedisException.Kind.AWAY, "not-connected"));
      } else {
        submit(next);
      }
    }
  }

  // Health.

  /** Counts a failure, and starts probing when that opens the breaker. */
  private void suspect(String code) {
    boolean allowed = breaker.allows();
    breaker.failure();
    if (allowed && !breaker.allows()) {
      status.down(code);
      probeLater();
    }
  }

  private void probeLater() {
    if (!probing) {
      probing = true;
      loop.schedule(this::probe, breaker.remainingNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private void probe() {
    probing = false;
    LaneConnection to = connection;
    if (closed || to == null || breaker.allows()) {
      return;
    }
    if (!breaker.tryProbe()) {
      probeLater();
      return;
    }
    probing = true;
    ping(to, policy.probeDeadline().toNanos())
        .onComplete(pong -> probed(to, ""), problem -> probed(to, LaneConnector.codeOf(problem)));
  }

  private void probed(LaneConnection to, String code) {
    probing = false;
    if (code.isEmpty()) {
      failedProbes = 0;
      breaker.success();
      status.up();
      return;
    }
    if (breaker.state() != Breaker.State.OPEN) {
      breaker.open();
    }
    if (++failedProbes >= PROBES_PER_CONNECTION) {
      dropped(to, RedisException.of(RedisException.Kind.AWAY, code));
    } else {
      probeLater();
    }
  }

  /** Once a second: is Redis still there, when nobody asked in between? */
  private void beat() {
    if (closed) {
      return;
    }
    loop.schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    LaneConnection to = connection;
    boolean idle = System.nanoTime() - lastReplyNanos > BEAT_MILLIS * 900_000;
    if (to != null && idle && breaker.allows()) {
      ping(to, Math.max(BEAT_PATIENCE.toNanos(), policy.probeDeadline().toNanos()))
          .onFailure(
              problem -> {
                if (to == connection && breaker.allows()) {
                  breaker.open();
                  status.down(LaneConnector.codeOf(problem));
                  probeLater();
                }
              });
    }
  }

  private Future<Reply> ping(LaneConnection to, long deadlineNanos) {
    Promise<Reply> promise = context.promise();
    long now = System.nanoTime();
    send(to, new Pending(promise, Command.of("PING"), null, now, now + deadlineNanos, true));
    return promise.future();
  }

  /** Closes the connection; what is in flight fails. */
  void close() {
    loop.execute(
        () -> {
          closed = true;
          connector.close();
          LaneConnection current = connection;
          connection = null;
          if (current != null) {
            current.close(RedisException.of(RedisException.Kind.AWAY, "closed"));
          }
          failOrSubmitWaiting();
        });
  }
}
