package io.portcullis;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcullis.operate.Metrics;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;

/** The Vert.x that a node runs on. */
final class NodeVertx {
  /** A server that was started anew may have another address, whatever its name's records say. */
  private static final int NAMES_KEPT_SECONDS = 5;

  /** Within what a caller is told of an outage. */
  private static final long NAME_QUERY_MILLIS = 2_000;

  private NodeVertx() {}

  static Vertx of(PrometheusMeterRegistry registry, int instances) {
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(loops(instances))
            .setWorkerPoolSize(8)
            .setAddressResolverOptions(
                new AddressResolverOptions()
                    .setCacheMaxTimeToLive(NAMES_KEPT_SECONDS)
                    .setQueryTimeout(NAME_QUERY_MILLIS))
            .setMetricsOptions(Metrics.vertx(registry));
    return Vertx.builder()
        .with(options)
        .withMetrics(new MicrometerMetricsFactory(registry))
        .build();
  }

  /** How many event loops a node with that many instances of each verticle has. */
  static int loops(int instances) {
    return Math.max(2, instances);
  }
}
