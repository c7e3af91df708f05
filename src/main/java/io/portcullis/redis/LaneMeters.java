package io.portcullis.redis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;

/** What all lanes of one use count together: {@code portcullis.redis.call} and its failures. */
final class LaneMeters {
  private final Timer calls;
  private final Counter failures;

  LaneMeters(MeterRegistry registry, String use) {
    calls =
        Timer.builder("portcullis.redis.call")
            .tag("use", use)
            .description("Round trips to Redis, as the event loop sees them")
            .register(registry);
    failures =
        Counter.builder("portcullis.redis.failures")
            .tag("use", use)
            .description("Calls to Redis without a usable answer")
            .register(registry);
  }

  void answered(long nanos) {
    calls.record(nanos, TimeUnit.NANOSECONDS);
  }

  void failed() {
    failures.increment();
  }
}
