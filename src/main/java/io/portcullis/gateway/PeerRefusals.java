package io.portcullis.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.audit.AuditEvents;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.tls.RefusedPeerException.Reason;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that were refused for their certificate: each is counted, and leaves an audit event
 * unless the same address was refused for the same reason within the minute or the minute is full;
 * what was left out stands in the next event. So a flood fills neither the trail nor the disk.
 *
 * <p>Called from every event loop; one lock, held for a look-up.
 */
final class PeerRefusals {
  private static final Logger log = LoggerFactory.getLogger(PeerRefusals.class);
  private static final long WINDOW_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int EVENTS_PER_WINDOW = 60;

  private final Function<AuditEvent, Future<Void>> audit;
  private final AuditEvents events;
  private final MeterRegistry registry;
  private final LongSupplier nanos;
  private final Map<String, Integer> told = new HashMap<>();
  private long windowStart;
  private long leftOut;

  PeerRefusals(
      Function<AuditEvent, Future<Void>> audit,
      AuditEvents events,
      MeterRegistry registry,
      LongSupplier nanos) {
    this.audit = audit;
    this.events = events;
    this.registry = registry;
    this.nanos = nanos;
    this.windowStart = nanos.getAsLong();
  }

  /** A connection was not let in. */
  void refused(String listener, String address, Reason reason) {
    count(
        "portcullis.tls.peers.refused",
        "Connections refused for their certificate",
        listener,
        reason);
    // Whoever only knocks, or breaks off, has not tried to pass for anybody.
    if (reason != Reason.HANDSHAKE_FAILED) {
      record("peer.refused", listener, address, reason);
    }
  }

  /** An open connection was closed. */
  void closed(String listener, String address, Reason reason) {
    count(
        "portcullis.tls.peers.closed",
        "Open connections closed for their certificate",
        listener,
        reason);
    record("peer.closed", listener, address, reason);
  }

  private void count(String name, String what, String listener, Reason reason) {
    Counter.builder(name)
        .description(what)
        .tag("listener", listener)
        .tag("reason", reason.label())
        .register(registry)
        .increment();
  }

  private void record(String type, String listener, String address, Reason reason) {
    long before = leftOutBefore(type + " " + listener + " " + address + " " + reason);
    if (before < 0) {
      return;
    }
    AuditEvent event =
        events.normal(
            type,
            Optional.empty(),
            "anonymous",
            Outcome.REFUSED,
            reason.label(),
            "",
            Map.of("client", address, "listener", listener, "left-out", Long.toString(before)));
    audit
        .apply(event)
        .onFailure(
            lost ->
                log.atWarn()
                    .addKeyValue("event.action", "audit.record")
                    .log("an event was not recorded"));
  }

  /** How many were left out before this one; -1 when this one is left out too. */
  private synchronized long leftOutBefore(String key) {
    long now = nanos.getAsLong();
    if (now - windowStart > WINDOW_NANOS) {
      windowStart = now;
      told.clear();
    }
    if (told.size() >= EVENTS_PER_WINDOW || told.putIfAbsent(key, 1) != null) {
      leftOut++;
      return -1;
    }
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
