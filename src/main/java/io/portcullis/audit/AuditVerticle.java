package io.portcullis.audit;

import io.portcullis.config.AuditConfig;
import io.portcullis.config.NodeConfig;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the node's journal: takes events from the event bus, answers when they are on disk, and
 * moves them into the chains in the background. Deploy one per node, on a virtual thread.
 *
 * <p>Everything here runs on the verticle's context, one task at a time; while the background work
 * waits for the database, events are taken.
 */
public final class AuditVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AuditVerticle.class);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(1);

  /** How long stopping waits for the database; what is left stays in the journal. */
  private static final Duration DRAIN_AT_STOP = Duration.ofSeconds(5);

  private final AuditTrail trail;
  private final NodeConfig node;
  private final AuditConfig config;
  private final ChainDatabase database;
  private final Clock clock;
  private final AuditEvents events;
  private final AtomicBoolean woken = new AtomicBoolean();
  private final AtomicLong unreportedLosses = new AtomicLong();
  private @Nullable MessageConsumer<Submission> consumer;
  private volatile @Nullable Open open;
  private volatile boolean databaseAway;
  private volatile boolean stopping;
  private Future<Void> pass = Future.succeededFuture();
  private boolean again;
  private boolean paused;

  /** With the trail whose events it records. */
  public AuditVerticle(
      AuditTrail trail, NodeConfig node, AuditConfig config, ChainDatabase database, Clock clock) {
    this.trail = trail;
    this.node = node;
    this.config = config;
    this.database = database;
    this.clock = clock;
    this.events = new AuditEvents(clock);
  }

  private record Open(Journal journal, ChainWriter writer) {}

  @Override
  public Future<?> start() throws Exception {
    Journal journal = Journal.open(node.state().resolve("audit"), config, this::wake, this::lost);
    ChainWriter writer = new ChainWriter(journal, database, events, clock, config.drainBatch());
    open = new Open(journal, writer);
    trail.metrics().read(writer::lagSeconds, journal::bytes);
    vertx.setPeriodic(HOUSEKEEPING.toMillis(), timer -> tellChains(journal));
    try {
      Map<String, String> details = Map.of("environment", node.environment());
      AuditEvent started = events.ofNode("node.started", node.name(), Outcome.SUCCESS, "", details);
      append(journal, started).await();
      MessageConsumer<Submission> registered = vertx.eventBus().localConsumer(AuditTrail.ADDRESS);
      registered.handler(message -> take(journal, message));
      consumer = registered;
      return registered.completion();
    } catch (RuntimeException e) {
      journal.close();
      throw e;
    }
  }

  private void take(Journal journal, Message<Submission> message) {
    Submission submission = message.body();
    if (submission.take()) {
      AuditEvent event = submission.event();
      append(journal, event)
          .onComplete(
              done -> message.reply(null),
              problem -> {
                trail.unrecorded(event);
                message.fail(1, String.valueOf(problem.getMessage()));
              });
    }
  }

  private Future<Void> append(Journal journal, AuditEvent event) {
    byte[] body;
    try {
      body = EventBody.encode(event, node.name());
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("an audit event has no body");
      return Future.failedFuture(e);
    }
    return journal
        .append(event.weight(), body)
        .onSuccess(done -> trail.metrics().recorded(event.weight()));
  }

  /** Any thread: there is something to drain. */
  private void wake() {
    if (woken.compareAndSet(false, true)) {
      context.runOnContext(
          task -> {
            woken.set(false);
            drain();
          });
    }
  }

  private void drain() {
    Open now = open;
    again = true;
    if (now != null && pass.isComplete() && !paused && !stopping) {
      Promise<Void> running = Promise.promise();
      pass = running.future();
      try {
        while (again) {
          again = false;
          while (now.writer().drain().await() > 0 && !stopping) {
            again = true;
          }
        }
        reached();
      } catch (Exception e) { // await throws whatever the future failed with
        away(e);
      } finally {
        running.complete();
      }
    }
  }

  private void reached() {
    if (databaseAway) {
      databaseAway = false;
      log.atInfo()
          .addKeyValue("event.action", "audit.chain.works")
          .log("the trail is chained again");
    }
  }

  private void away(Exception problem) {
    if (!databaseAway && !stopping) {
      log.atWarn()
          .addKeyValue("event.action", "audit.chain.failed")
          .setCause(problem)
          .log("the trail cannot be chained; the journal keeps it");
    }
    databaseAway = true;
    paused = true;
    vertx.setTimer(
        config.drainRetry().toMillis(),
        timer -> {
          paused = false;
          drain();
        });
  }

  private void lost(long count) {
    trail.metrics().lost(count);
    unreportedLosses.addAndGet(count);
  }

  /** Writes into the chains what they miss. Also the probe that finds a failed disk working. */
  private void tellChains(Journal journal) {
    trail.gaps().take().forEach((chain, gap) -> tellGap(journal, chain, gap));
    long losses = unreportedLosses.getAndSet(0);
    if (losses > 0) {
      Map<String, String> details = Map.of("count", Long.toString(losses));
      append(
              journal,
              events.ofNode("audit.lost", node.name(), Outcome.FAILURE, "unreadable", details))
          .onFailure(problem -> unreportedLosses.addAndGet(losses));
    }
  }

  private void tellGap(Journal journal, Optional<TenantId> chain, Gaps.Gap gap) {
    AuditEvent event =
        events.critical(
            "audit.gap",
            chain,
            "node:" + node.name(),
            Outcome.FAILURE,
            "not-recorded",
            "",
            gap.details());
    append(journal, event).onFailure(problem -> trail.gaps().add(chain, gap));
  }

  /** How the trail does; any thread. */
  public AuditStatus status() {
    Open now = open;
    if (now == null) {
      return new AuditStatus(AuditStatus.Mode.FAILING, 0, 0, trail.metrics().lost());
    }
    AuditStatus.Mode working =
        databaseAway ? AuditStatus.Mode.JOURNAL_ONLY : AuditStatus.Mode.DURABLE;
    return new AuditStatus(
        now.journal().failing() ? AuditStatus.Mode.FAILING : working,
        now.writer().lagSeconds(),
        now.journal().backlogBytes(),
        trail.metrics().lost());
  }

  @Override
  public Future<?> stop() throws Exception {
    Open now = open;
    MessageConsumer<Submission> listening = consumer;
    if (now == null || listening == null) {
      return Future.succeededFuture();
    }
    listening.unregister().await();
    stopping = true;
    tellChains(now.journal());
    append(now.journal(), events.ofNode("node.stopped", node.name(), Outcome.SUCCESS, "", Map.of()))
        .otherwiseEmpty()
        .await();
    drainAtStop(now);
    now.journal().close();
    return Future.succeededFuture();
  }

  private void drainAtStop(Open now) {
    long deadline = System.nanoTime() + DRAIN_AT_STOP.toNanos();
    try {
      pass.await(DRAIN_AT_STOP.toMillis(), TimeUnit.MILLISECONDS);
      long left = deadline - System.nanoTime();
      while (left > 0 && now.writer().drain().await(left, TimeUnit.NANOSECONDS) > 0) {
        left = deadline - System.nanoTime();
      }
    } catch (Exception e) { // await throws whatever the future failed with
      log.atInfo()
          .addKeyValue("event.action", "audit.stopped")
          .addKeyValue("backlog.bytes", now.journal().backlogBytes())
          .log("the rest of the trail stays in the journal until the next start");
    }
  }
}
