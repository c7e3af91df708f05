package io.portcullis.operate;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;

/** The one registry of a node, with what the JVM and Vert.x tell of themselves. */
public final class Metrics {
  private Metrics() {}

  /** A registry in Prometheus' format with the JVM's own meters. */
  @SuppressWarnings("resource") // the garbage collector's listener lives as long as the node
  public static PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry
        .config()
        .meterFilter(new MetricHelp())
        // Nanoseconds, which no other series has; process.cpu.usage says as much.
        .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
        // A name that ends like a histogram's.
        .meterFilter(MeterFilter.deny(id -> id.getName().equals("system.cpu.count")));
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    return registry;
  }

  /**
   * Lets Vert.x report pools and verticles. Its meters of connections, requests and messages stay
   * off: they would cost the hot path more than the gateway's own, which say the same.
   */
  public static MicrometerMetricsOptions vertx(PrometheusMeterRegistry registry) {
    MicrometerMetricsOptions options =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setRegistryName("portcullis-" + System.identityHashCode(registry))
            .setLabels(EnumSet.of(Label.POOL_TYPE, Label.POOL_NAME, Label.CLASS_NAME));
    EnumSet.complementOf(EnumSet.of(MetricsDomain.NAMED_POOLS, MetricsDomain.VERTICLES))
        .forEach(options::addDisabledMetricsCategory);
    return options;
  }
}
