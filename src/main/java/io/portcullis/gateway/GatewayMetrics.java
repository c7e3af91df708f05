package io.portcullis.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.portcullis.model.Rejection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code portcullis_requests_seconds}: every timer is made before the first request, so that
 * recording is an array access. One set for all instances.
 */
final class GatewayMetrics {
  private static final Duration[] BUCKETS = {
    Duration.ofNanos(500_000),
    Duration.ofMillis(1),
    Duration.ofNanos(2_500_000),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5),
    Duration.ofSeconds(30)
  };

  private final Timer[][] byRoute;
  private final Timer[] unmatched;
  private final MeterRegistry registry;
  private final Map<String, Counter> malformed = new ConcurrentHashMap<>();

  GatewayMetrics(MeterRegistry registry, RouteTable routes) {
    byRoute =
        routes.all().stream()
            .map(route -> timers(registry, route.config().name(), route.method()))
            .toArray(Timer[][]::new);
    unmatched = timers(registry, "none", "none");
    this.registry = registry;
  }

  /** Records one answered request. */
  void record(RouteTable.@Nullable Match match, int status, long nanos) {
    Timer[] timers = match == null ? unmatched : byRoute[match.route().index()];
    int statusClass = Math.clamp(status / 100, 1, 5);
    timers[statusClass - 1].record(nanos, TimeUnit.NANOSECONDS);
  }

  /** Counts what could not be read as a request, by reason. */
  void malformed(Rejection rejection) {
    malformed
        .computeIfAbsent(
            rejection.reason(),
            reason ->
                Counter.builder("portcullis.requests.malformed")
                    .description("What was refused before it was a request")
                    .tag("reason", reason)
                    .register(registry))
        .increment();
  }

  private static Timer[] timers(MeterRegistry registry, String route, String method) {
    Timer[] timers = new Timer[5];
    for (int i = 0; i < timers.length; i++) {
      timers[i] =
          Timer.builder("portcullis.requests")
              .description("Answered requests")
              .tag("route", route)
              .tag("method", method)
              .tag("status", (i + 1) + "xx")
              .serviceLevelObjectives(BUCKETS)
              .register(registry);
    }
    return timers;
  }
}
