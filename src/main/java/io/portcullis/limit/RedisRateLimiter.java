package io.portcullis.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.LimitConfig;
import io.portcullis.limit.WindowScript.Verdict;
import io.portcullis.model.Decision;
import io.portcullis.model.Rejection;
import io.portcullis.redis.RedisException;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The limits that all nodes share: one script call decides all of a request, by the clock of Redis.
 * Without an answer within the deadline the outage policy of each limit decides. Safe to use from
 * every event loop; each uses its own lane.
 *
 * <p>A call that timed out may still have been charged: that can only refuse more, never admit
 * more.
 */
public final class RedisRateLimiter implements RateLimiter {
  private static final Logger LOG = LoggerFactory.getLogger(RedisRateLimiter.class);

  private final RedisLanes lanes;
  private final List<LimitRule> rules;
  private final Duration deadline;
  private final RefusalCache refusals;
  private final OutageLimiter outage;
  private final LimitMeters meters;
  private final VerdictObserver observer;
  private final LongAdder undecided = new LongAdder();

  /** A limiter on these lanes. */
  public RedisRateLimiter(RedisLanes lanes, LimitConfig config, MeterRegistry registry) {
    this(lanes, config, registry, (charges, cost, verdict) -> {});
  }

  /**
   * A limiter that shows every answer of Redis.
   *
   * @param observer called on the event loop of the request
   */
  RedisRateLimiter(
      RedisLanes lanes, LimitConfig config, MeterRegistry registry, VerdictObserver observer) {
    this.lanes = lanes;
    this.rules = LimitRule.of(config);
    this.deadline = config.deadline();
    this.refusals = new RefusalCache(config.localSubjects(), System::nanoTime);
    this.outage =
        new OutageLimiter(rules, config.expectedNodes(), config.localSubjects(), System::nanoTime);
    this.meters = new LimitMeters(rules, registry);
    this.observer = observer;
  }

  @Override
  public Future<Decision> admit(Admission admission) {
    List<Charge> charges;
    try {
      charges = Charge.of(rules, admission);
    } catch (Rejection rejection) {
      return Future.failedFuture(rejection);
    }
    int cost = admission.cost();
    if (charges.isEmpty()) {
      return Future.succeededFuture(Decisions.admitted(Decision.Mode.REDIS, List.of()));
    }
    Decision certain = refusals.find(charges, cost);
    if (certain != null) {
      meters.cachedRefusal();
      meters.decided(certain);
      return Future.succeededFuture(certain);
    }
    meters.redisCall();
    long asked = System.nanoTime();
    return WindowScript.call(lanes.lane(), charges, cost, deadline)
        .transform((reply, problem) -> settle(charges, cost, asked, reply, problem));
  }

  private Future<Decision> settle(
      List<Charge> charges,
      int cost,
      long asked,
      @Nullable Reply reply,
      @Nullable Throwable problem) {
    if (problem != null) {
      return withoutRedis(charges, cost, problem);
    }
    if (reply == null) {
      return Future.failedFuture(new IllegalStateException("neither reply nor problem"));
    }
    Verdict verdict = new Verdict(reply.bytes());
    observer.decided(charges, cost, verdict);
    boolean first = verdict.violated() >= 0 && refusals.keep(charges, cost, verdict, asked);
    Decision decision = Decisions.of(charges, verdict, first);
    meters.decided(decision);
    return Future.succeededFuture(decision);
  }

  private Future<Decision> withoutRedis(List<Charge> charges, int cost, Throwable problem) {
    undecided.increment();
    if (problem instanceof RedisException known
        && known.kind() == RedisException.Kind.REFUSED
        && known.code().equals("ERR")) {
      // Not an outage but a mistake of ours, in the script or in the access rules.
      LOG.atError()
          .addKeyValue("event.action", "limit.script.failed")
          .addKeyValue("error.message", known.getMessage())
          .log("Redis refused the limiter's script");
    }
    try {
      Decision decision = outage.decide(charges, cost);
      if (decision.mode() == Decision.Mode.OPEN) {
        meters.open(charges);
      } else {
        meters.decided(decision);
      }
      return Future.succeededFuture(decision);
    } catch (Rejection rejection) {
      meters.closed(charges);
      return Future.failedFuture(rejection);
    }
  }

  /** Headers for these limits. */
  public RateLimitHeaders headers() {
    return new RateLimitHeaders(rules);
  }

  /** How many requests had to be decided without Redis since the start. */
  long undecided() {
    return undecided.sum();
  }

  /** How requests are decided while Redis is away. */
  Decision.Mode outageMode() {
    return outage.mode();
  }
}
