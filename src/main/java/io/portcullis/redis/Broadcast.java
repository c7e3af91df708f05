package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.RedisConfig;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages to all nodes by Redis pub/sub, this one included; at most once and without memory.
 *
 * <p>A message that is sent while a node is not connected never reaches it. So a listener names
 * what to do when messages may have been missed ({@code gap}), and whatever must not be missed is
 * also written down where it can be read again. A lost connection is noticed within three seconds
 * and replaced for as long as the node runs.
 *
 * <p>Listeners are called on one event loop, which they must not block. Any thread may publish.
 */
public final class Broadcast {
  private static final Logger log = LoggerFactory.getLogger(Broadcast.class);
  private static final String CHANNEL = "pc:";
  private static final Duration DEADLINE = Duration.ofMillis(500);

  private final ContextInternal context;
  private final RedisConfig config;
  private final RedisLanes lanes;
  private final MeterRegistry registry;
  private final Counter gaps;
  private final Counter failures;
  private final Map<String, Topic> topics = new LinkedHashMap<>();
  private @Nullable BroadcastLink link;
  private volatile boolean connected;

  /**
   * Not connected before {@link #start}.
   *
   * @param state the Redis to subscribe at
   * @param lanes connections to the same Redis, to publish through
   */
  public Broadcast(Vertx vertx, RedisConfig state, RedisLanes lanes, MeterRegistry registry) {
    this.context =
        ((VertxInternal) vertx)
            .contextBuilder()
            .withThreadingModel(ThreadingModel.EVENT_LOOP)
            .build();
    this.config = state;
    this.lanes = lanes;
    this.registry = registry;
    this.gaps =
        Counter.builder("portcullis.broadcast.gaps")
            .description("Times that messages of other nodes may have been missed")
            .register(registry);
    this.failures =
        Counter.builder("portcullis.broadcast.failures")
            .description("Connections that were lost, or could not be made")
            .register(registry);
    Gauge.builder("portcullis.broadcast.connected", this, me -> me.connected ? 1 : 0)
        .description("1 while messages of other nodes arrive")
        .register(registry);
  }

  /**
   * Listens to a topic; to be called before {@link #start}.
   *
   * @param handler is called with each message
   * @param gap is called when messages may have been missed: after each connection, the first
   *     included. A message published after it arrives, as long as the connection holds
   */
  public void listen(String topic, Consumer<String> handler, Runnable gap) {
    if (link != null) {
      throw new IllegalStateException("listen before start");
    }
    Counter received =
        Counter.builder("portcullis.broadcast.messages")
            .tag("topic", topic)
            .description("Messages received")
            .register(registry);
    Topic before = topics.putIfAbsent(CHANNEL + topic, new Topic(handler, gap, received));
    if (before != null) {
      throw new IllegalArgumentException("this topic has a listener: " + topic);
    }
  }

  /**
   * Tells all nodes.
   *
   * @return done when Redis has it, which says nothing of who received it; fails with {@link
   *     RedisException} within half a second
   */
  public Future<Void> publish(String topic, String message) {
    List<byte[]> words =
        List.of(
            "PUBLISH".getBytes(UTF_8), (CHANNEL + topic).getBytes(UTF_8), message.getBytes(UTF_8));
    return lanes.lane().call(words, DEADLINE).mapEmpty();
  }

  /** Begins to connect, and does not wait for it: a node starts without Redis. */
  public Future<Void> start() {
    if (topics.isEmpty()) {
      return Future.succeededFuture();
    }
    BroadcastLink fresh =
        new BroadcastLink(context, config, lanes, List.copyOf(topics.keySet()), new Reports());
    link = fresh;
    lanes.primary().onMove(place -> context.runOnContext(run -> fresh.moved(place)));
    return onContext(fresh::start);
  }

  /** Ends the connection. Nobody is called afterwards. */
  public Future<Void> close() {
    BroadcastLink current = link;
    if (current == null) {
      return Future.succeededFuture();
    }
    Promise<Void> closed = Promise.promise();
    context.runOnContext(run -> current.close().onComplete(closed));
    return closed.future();
  }

  /** Whether messages of other nodes arrive; any thread. */
  public boolean connected() {
    return connected;
  }

  private Future<Void> onContext(Runnable action) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        run -> {
          action.run();
          done.complete();
        });
    return done.future();
  }

  /** One listener's fault is not another's. */
  private static void call(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.atError().addKeyValue("event.action", "broadcast.listener").setCause(e).log("bug");
    }
  }

  private record Topic(Consumer<String> handler, Runnable gap, Counter received) {}

  /** What the connection reports, on its event loop. */
  private final class Reports implements BroadcastLink.Listener {
    @Override
    public void up() {
      connected = true;
      gaps.increment();
      log.atInfo().addKeyValue("event.action", "broadcast.up").log("messages of nodes arrive");
      new ArrayList<>(topics.values()).forEach(topic -> call(topic.gap()));
    }

    @Override
    public void down(String code) {
      failures.increment();
      if (connected) {
        connected = false;
        log.atWarn()
            .addKeyValue("event.action", "broadcast.down")
            .addKeyValue("event.reason", code)
            .log("messages of nodes do not arrive");
      }
    }

    @Override
    public void message(String channel, String text) {
      Topic topic = topics.get(channel);
      if (topic != null) {
        topic.received().increment();
        call(() -> topic.handler().accept(text));
      }
    }
  }
}
