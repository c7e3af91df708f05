package io.portcullis.limit;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.LimitConfig;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.model.Decision;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.portcullis.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A node as far as limits go: its own Vert.x with event loops, lanes and limiter. */
final class LimiterNode implements AutoCloseable {
  final Vertx vertx;
  final RedisLanes lanes;
  final RedisRateLimiter limiter;
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<Context> loops;

  LimiterNode(LimitConfig limits, RedisConfig redis, int eventLoops, VerdictObserver observer) {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(eventLoops));
    lanes =
        new RedisLanes(
            vertx,
            redis,
            new LanePolicy(limits.breakerFailures(), limits.breakerPause(), limits.deadline()),
            meters);
    limiter = new RedisRateLimiter(lanes, limits, meters, observer);
    loops = IntStream.range(0, eventLoops).mapToObj(i -> vertx.getOrCreateContext()).toList();
  }

  static RedisConfig redis(int port, String username, String password) {
    return new RedisConfig(
        "127.0.0.1", port, username, new Secret(password), 0, Duration.ofSeconds(1), 1024);
  }

  /** Asks on the first event loop and waits. */
  Decision admit(Admission admission) {
    return Await.value(on(loops.getFirst(), () -> limiter.admit(admission)));
  }

  /** Asks on the first event loop and waits for the failure. */
  Throwable refusal(Admission admission) {
    return Await.failure(on(loops.getFirst(), () -> limiter.admit(admission)));
  }

  /** Waits until decisions come from Redis, so that a test does not begin with a cold start. */
  LimiterNode warm() {
    Admission probe = new Admission("warmup", "10.255.255.1", "warm", 1);
    for (Context loop : loops) {
      Await.until(
          "decided by Redis",
          () ->
              Await.value(
                  on(loop, () -> limiter.admit(probe))
                      .map(decision -> decision.mode() == Decision.Mode.REDIS)
                      .otherwise(false)));
    }
    return this;
  }

  static <T> Future<T> on(Context loop, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    loop.runOnContext(start -> work.get().onComplete(promise));
    return promise.future();
  }

  @Override
  public void close() {
    Await.value(lanes.close());
    Await.value(vertx.close());
  }
}
