package io.portcullis.audit;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.TenantId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what could not be recorded, per chain, until the chain can be told. Safe on every thread;
 * bounded: beyond {@value #MAX_CHAINS} chains the platform's own chain is told.
 */
final class Gaps {
  private static final int MAX_CHAINS = 1_000;

  private final Map<Optional<TenantId>, Gap> gaps = new HashMap<>();

  /**
   * What one chain misses.
   *
   * @param normal events that nobody waited for
   * @param critical events whose requests were refused
   * @param from when the first of them happened
   * @param to when the last of them happened
   */
  record Gap(long normal, long critical, Instant from, Instant to) {
    static Gap of(AuditEvent event) {
      boolean critical = event.weight() == Weight.CRITICAL;
      return new Gap(critical ? 0 : 1, critical ? 1 : 0, event.at(), event.at());
    }

    Gap and(Gap other) {
      return new Gap(
          normal + other.normal,
          critical + other.critical,
          from.isBefore(other.from) ? from : other.from,
          to.isAfter(other.to) ? to : other.to);
    }

    long count() {
      return normal + critical;
    }

    Map<String, String> details() {
      return Map.of(
          "count", Long.toString(count()),
          "critical", Long.toString(critical),
          "from", from.toString(),
          "to", to.toString());
    }
  }

  void add(AuditEvent event) {
    add(event.tenant(), Gap.of(event));
  }

  synchronized void add(Optional<TenantId> chain, Gap gap) {
    boolean room = gaps.size() < MAX_CHAINS || gaps.containsKey(chain);
    gaps.merge(room ? chain : Optional.empty(), gap, Gap::and);
  }

  /** All gaps; they are the caller's to record or to {@link #add} again. */
  synchronized Map<Optional<TenantId>, Gap> take() {
    Map<Optional<TenantId>, Gap> taken = Map.copyOf(gaps);
    gaps.clear();
    return taken;
  }
}
