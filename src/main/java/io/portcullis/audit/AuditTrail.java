package io.portcullis.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.AuditConfig;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records events. Use it on any thread and context; one per node.
 *
 * <p>The event travels over the event bus to {@link AuditVerticle} on the same node; the answer
 * means that it is on disk. An event that cannot be recorded is counted, and its chain gets an
 * {@code audit.gap} entry that says how many are missing and when they happened.
 */
public final class AuditTrail {
  /** Where {@link AuditVerticle} listens. */
  public static final String ADDRESS = "portcullis.audit";

  private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);

  private final Vertx vertx;
  private final DeliveryOptions delivery;
  private final int maxInFlight;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AuditMetrics metrics;
  private final Gaps gaps = new Gaps();

  /** Registers the codec of this address with Vert.x. */
  public AuditTrail(Vertx vertx, AuditConfig config, MeterRegistry registry) {
    this.vertx = vertx;
    this.maxInFlight = config.maxPending();
    this.metrics = new AuditMetrics(registry);
    this.delivery =
        new DeliveryOptions()
            .setLocalOnly(true)
            .setCodecName(Submission.Codec.NAME)
            .setSendTimeout(config.recordTimeout().toMillis());
    vertx.eventBus().registerCodec(new Submission.Codec());
  }

  /**
   * Records an event. For a critical one, wait for this before answering; for a normal one, let it
   * go: what cannot be recorded is counted here and told to the chain later.
   *
   * @return done when the event is on disk; fails with {@link Rejection#unavailable} of {@code
   *     audit} when that is not known to have happened within {@link AuditConfig#recordTimeout}
   */
  public Future<Void> record(AuditEvent event) {
    if (inFlight.incrementAndGet() > maxInFlight) {
      inFlight.decrementAndGet();
      return refuse(event);
    }
    Submission submission = new Submission(event);
    return vertx
        .eventBus()
        .request(ADDRESS, submission, delivery)
        .transform(
            (reply, failure) -> {
              inFlight.decrementAndGet();
              if (failure == null) {
                return Future.succeededFuture();
              }
              return submission.take()
                  ? refuse(event)
                  : Future.failedFuture(Rejection.unavailable("audit"));
            });
  }

  private Future<Void> refuse(AuditEvent event) {
    unrecorded(event);
    return Future.failedFuture(Rejection.unavailable("audit"));
  }

  /** Counts an event that will not be recorded. */
  void unrecorded(AuditEvent event) {
    metrics.unrecorded(event.weight());
    gaps.add(event);
    log.atDebug()
        .addKeyValue("event.action", "audit.unrecorded")
        .addKeyValue("event.id", event.id())
        .log("an audit event was not recorded");
  }

  Gaps gaps() {
    return gaps;
  }

  AuditMetrics metrics() {
    return metrics;
  }
}
