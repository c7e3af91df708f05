package io.portcullis.redis;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.portcullis.config.Endpoint;
import io.portcullis.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One lane per event loop. The key is Netty's event loop and not the context, because Vert.x
 * duplicates contexts for each request; so there are at most as many connections as event loops.
 */
public final class RedisLanes {
  private final VertxInternal vertx;
  private final Dialer dialer;
  private final Primary primary;
  private final RedisConfig config;
  private final LanePolicy policy;
  private final LaneMeters meters;
  private final Map<EventLoop, RedisLane> lanes = new ConcurrentHashMap<>();
  private final Instant created = Instant.now();

  /** Lanes for the limits. */
  public RedisLanes(Vertx vertx, RedisConfig config, LanePolicy policy, MeterRegistry registry) {
    this(vertx, config, policy, registry, "limits");
  }

  /**
   * No connection to Redis is made before a lane is asked for; sentinels are asked at once. Reads
   * the trusted certificates, which blocks.
   *
   * @param use what they are for: the tag {@code use} of their metrics
   */
  public RedisLanes(
      Vertx vertx, RedisConfig config, LanePolicy policy, MeterRegistry registry, String use) {
    this.vertx = (VertxInternal) vertx;
    this.config = config;
    this.policy = policy;
    this.meters = new LaneMeters(registry, use);
    this.dialer = new Dialer(vertx, config);
    this.primary =
        config.sentinels().on()
            ? new Sentinels(this.vertx.createEventLoopContext(), dialer, config, registry, use)
            : Primary.at(new Endpoint(config.host(), config.port()));
    primary.onMove(place -> lanes.values().forEach(lane -> lane.moved(place)));
    gauge(registry, use, "total", true);
    gauge(registry, use, "down", false);
  }

  private void gauge(MeterRegistry registry, String use, String state, boolean all) {
    Gauge.builder(
            "portcullis.redis.lanes",
            lanes,
            map -> map.values().stream().filter(lane -> all || !lane.status().up()).count())
        .tag("use", use)
        .tag("state", state)
        .description("Lanes to Redis; down: not connected, or the breaker is open")
        .register(registry);
  }

  /** The lane of the event loop that the caller runs on or belongs to; starts connecting it. */
  public RedisLane lane() {
    EventLoop loop = vertx.getOrCreateContext().nettyEventLoop();
    RedisLane lane = lanes.get(loop);
    return lane != null ? lane : lanes.computeIfAbsent(loop, this::open);
  }

  private RedisLane open(EventLoop loop) {
    ContextInternal context =
        vertx
            .contextBuilder()
            .withThreadingModel(ThreadingModel.EVENT_LOOP)
            .withEventLoop(loop)
            .build();
    return new RedisLane(context, dialer, primary, config, policy, meters).open();
  }

  /**
   * The health of all lanes: up when there is one and each of them is up; otherwise since when the
   * first of them is down, and why.
   */
  public RedisStatus status() {
    RedisStatus worst = null;
    for (RedisLane lane : lanes.values()) {
      RedisStatus status = lane.status();
      if (worst == null || worse(status, worst)) {
        worst = status;
      }
    }
    return worst == null ? new RedisStatus(false, created, "not-connected") : worst;
  }

  private static boolean worse(RedisStatus one, RedisStatus other) {
    if (one.up() != other.up()) {
      return other.up();
    }
    return one.up() ? one.since().isAfter(other.since()) : one.since().isBefore(other.since());
  }

  /** Closes every lane. Calls made afterwards fail. */
  public Future<Void> close() {
    lanes.values().forEach(RedisLane::close);
    primary.close();
    return dialer.close();
  }

  /** Where these lanes lead, for who connects by other means. */
  Primary primary() {
    return primary;
  }

  /** How these lanes connect. */
  Dialer dialer() {
    return dialer;
  }
}
