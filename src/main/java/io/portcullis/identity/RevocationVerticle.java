package io.portcullis.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.portcullis.identity.RevocationStore.News;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link Revocations} in step with the store: reads all at the start, then what is new, twice
 * a second and whenever another node says that there is something. So a message that is lost costs
 * half a second and not a revocation.
 *
 * <p>Each reading also brings the number of revocations in the store. When that is not what is
 * known here, all are read again (at most every five seconds), and what the store has lost is put
 * back: as long as one node runs, a Redis that forgets forgets no revocation.
 *
 * <p>One instance on one event loop.
 */
public final class RevocationVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationVerticle.class);
  private static final long POLL_MILLIS = 500;
  private static final long REREAD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final RevocationStore store;
  private final Revocations revocations;
  private final InstantSource clock;
  private final Counter failures;
  private final Timer delays;

  private volatile @Nullable Context loop;
  private long seen;
  private long rereadNanos = System.nanoTime() - REREAD_NANOS;
  private boolean reading;
  private boolean again;

  /** What the texts of a full reading were; null while only news are read. */
  private @Nullable Set<String> present = new HashSet<>();

  /** Keeps these in step with that store. */
  public RevocationVerticle(
      RevocationStore store, Revocations revocations, MeterRegistry registry, InstantSource clock) {
    this.store = store;
    this.revocations = revocations;
    this.clock = clock;
    this.failures =
        Counter.builder("portcullis.revocation.failures")
            .description("Attempts to read the revocations that failed")
            .register(registry);
    this.delays =
        Timer.builder("portcullis.revocation.delay")
            .description("From a revocation, by the clock of Redis, until it holds on this node")
            .register(registry);
    Gauge.builder("portcullis.revocations", revocations, known -> known.status().entries())
        .description("Revocations that hold")
        .register(registry);
    Gauge.builder("portcullis.revocation.age.seconds", revocations, RevocationVerticle::age)
        .description("Since the revocations were last read; NaN when they never were")
        .register(registry);
  }

  @Override
  public Future<?> start() {
    loop = context;
    vertx.setPeriodic(POLL_MILLIS, tick -> read());
    // Whatever comes of it: without the list credentials are answered 503, and it goes on trying.
    return read().otherwiseEmpty();
  }

  /** There may be something new; any thread. */
  public void refresh() {
    Context on = loop;
    if (on != null) {
      on.runOnContext(run -> read());
    }
  }

  private Future<Void> read() {
    if (reading) {
      again = true;
      return Future.succeededFuture();
    }
    reading = true;
    again = false;
    return store
        .read(store.cutoff(clock.millis()), seen)
        .map(this::took)
        .onFailure(
            problem -> {
              failures.increment();
              LOG.atDebug()
                  .addKeyValue("event.action", "revocation.read")
                  .addKeyValue("error.message", problem.getMessage())
                  .log("the revocations were not read");
            })
        .eventually(
            () -> {
              reading = false;
              return Future.succeededFuture();
            })
        .compose(more -> more || again ? read() : Future.succeededFuture());
  }

  /** Takes a page in; whether there is another. */
  private boolean took(News news) {
    RevocationList list = revocations.list();
    boolean changed = false;
    for (int i = 0; i < news.texts().size(); i++) {
      String text = news.texts().get(i);
      long version = news.versions().get(i);
      if (list.add(text, version)) {
        changed = true;
        measure(version);
      }
      Set<String> all = present;
      if (all != null) {
        all.add(text);
      }
      seen = version;
    }
    if (changed) {
      revocations.changed();
    }
    if (news.texts().size() == RevocationStore.PAGE) {
      return true;
    }
    list.expire(store.cutoff(clock.millis()));
    revocations.answered();
    return compare(news.counted());
  }

  /** A full reading has ended: what did the store lose? Or the counts differ: read all again. */
  private boolean compare(long counted) {
    Set<String> all = present;
    present = null;
    if (all != null) {
      List<String> lost = revocations.list().without(all);
      if (!lost.isEmpty()) {
        restore(lost);
      }
      return false;
    }
    if (counted == revocations.list().size() || System.nanoTime() - rereadNanos < REREAD_NANOS) {
      return false;
    }
    rereadNanos = System.nanoTime();
    seen = 0;
    present = new HashSet<>();
    return true;
  }

  private void restore(List<String> lost) {
    List<String> page = lost.subList(0, Math.min(lost.size(), RevocationStore.PAGE));
    LOG.atWarn()
        .addKeyValue("event.action", "revocation.restore")
        .addKeyValue("portcullis.revocations", lost.size())
        .log("Redis has lost revocations; this node puts back what it knows");
    store
        .add(page)
        .onSuccess(
            version -> {
              if (page.size() < lost.size()) {
                restore(lost.subList(page.size(), lost.size()));
              }
            })
        .onFailure(problem -> failures.increment());
  }

  private void measure(long version) {
    Set<String> atStart = present;
    if (atStart == null) {
      delays.record(Duration.ofNanos(Math.max(0, clock.millis() * 1_000 - version) * 1_000));
    }
  }

  private static double age(Revocations revocations) {
    return revocations.status().age().map(age -> age.toMillis() / 1_000.0).orElse(Double.NaN);
  }
}
