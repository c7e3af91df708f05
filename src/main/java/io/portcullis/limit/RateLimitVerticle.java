package io.portcullis.limit;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.model.Decision;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.RedisStatus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;

/**
 * The background work of the limiter: keeps a lane to Redis open even without traffic, so that its
 * health is known, and reports changes of mode. One instance, on an event loop.
 */
public final class RateLimitVerticle extends VerticleBase {
  private static final long LOOK_MILLIS = 1_000;

  private final RedisLanes lanes;
  private final RedisRateLimiter limiter;
  private final LimitModeWatch watch;

  /** Watches this limiter. */
  public RateLimitVerticle(
      RedisLanes lanes,
      RedisRateLimiter limiter,
      LimitModeListener listener,
      MeterRegistry registry) {
    this.lanes = lanes;
    this.limiter = limiter;
    this.watch = new LimitModeWatch(listener, limiter.outageMode(), Clock.systemUTC());
    Gauge.builder(
            "portcullis.limit.degraded",
            watch,
            state -> state.status().mode() == Decision.Mode.REDIS ? 0 : 1)
        .description("1 while limits are not decided by Redis")
        .register(registry);
  }

  /** Where decisions come from; any thread. */
  public LimiterStatus status() {
    return watch.status();
  }

  @Override
  public Future<?> start() {
    lanes.lane();
    vertx.setPeriodic(LOOK_MILLIS, tick -> look());
    return Future.succeededFuture();
  }

  private void look() {
    RedisStatus redis = lanes.status();
    watch.look(redis.up(), limiter.undecided(), redis.lastError());
  }
}
