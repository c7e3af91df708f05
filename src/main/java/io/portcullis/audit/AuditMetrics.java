package io.portcullis.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.model.AuditEvent.Weight;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;

/** The trail's meters, made once; the gauges read whichever journal is open. */
final class AuditMetrics {
  private final Map<Weight, Counter> recorded = new EnumMap<>(Weight.class);
  private final Map<Weight, Counter> unrecorded = new EnumMap<>(Weight.class);
  private final Counter lost;
  private volatile DoubleSupplier lagSeconds = () -> 0;
  private volatile DoubleSupplier journalBytes = () -> 0;

  AuditMetrics(MeterRegistry registry) {
    for (Weight weight : Weight.values()) {
      String label = weight.name().toLowerCase(Locale.ROOT);
      recorded.put(weight, registry.counter("portcullis.audit.events", "class", label));
      unrecorded.put(weight, registry.counter("portcullis.audit.unrecorded", "class", label));
    }
    lost = registry.counter("portcullis.audit.lost");
    Gauge.builder("portcullis.audit.lag.seconds", () -> lagSeconds.getAsDouble())
        .register(registry);
    Gauge.builder("portcullis.audit.journal.bytes", () -> journalBytes.getAsDouble())
        .register(registry);
  }

  /** From now on the gauges read these. */
  void read(DoubleSupplier newLagSeconds, DoubleSupplier newJournalBytes) {
    lagSeconds = newLagSeconds;
    journalBytes = newJournalBytes;
  }

  void recorded(Weight weight) {
    counter(recorded, weight).increment();
  }

  void unrecorded(Weight weight) {
    counter(unrecorded, weight).increment();
  }

  void lost(long events) {
    lost.increment((double) events);
  }

  long lost() {
    return (long) lost.count();
  }

  private static Counter counter(Map<Weight, Counter> counters, Weight weight) {
    Counter counter = counters.get(weight);
    if (counter == null) {
      throw new IllegalStateException("no counter for " + weight);
    }
    return counter;
  }
}
