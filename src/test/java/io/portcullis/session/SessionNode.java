package io.portcullis.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.Secret;
import io.portcullis.config.SessionConfig;
import io.portcullis.config.SessionConfig.MasterKey;
import io.portcullis.model.Rejection;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.portcullis.redis.Reply;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestClock;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A node as far as sessions go: its own Vert.x, its own lanes. Clock and push may be shared. */
final class SessionNode implements AutoCloseable {
  static final String ISSUER = "https://login.example.com/realms/a";
  static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
  static final String MASTER = Base64.getEncoder().encodeToString(new byte[32]);
  static final String SECOND_MASTER =
      Base64.getEncoder().encodeToString("a second master key, just as long".getBytes(US_ASCII));

  static final MasterKey FIRST_KEY = new MasterKey("k1", new Secret(MASTER));
  static final MasterKey SECOND_KEY = new MasterKey("k2", new Secret(SECOND_MASTER));

  /** Patience with Redis on a machine that does other things too. */
  static final Duration REDIS = Duration.ofSeconds(4);

  /** As in production, but quick to give up and to take over. */
  static final RefreshTiming TIMING = timing(REDIS);

  static RefreshTiming timing(Duration redis) {
    return new RefreshTiming(
        redis,
        Duration.ofSeconds(3),
        Duration.ofMillis(250),
        Duration.ofMillis(50),
        Duration.ofSeconds(8),
        Duration.ofSeconds(5),
        Duration.ofMillis(300),
        Duration.ofSeconds(2));
  }

  final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<SessionTrail.Ended> trail = new CopyOnWriteArrayList<>();
  final TestClock clock;
  final RedisLanes lanes;
  final Sessions sessions;
  private final List<Context> loops =
      IntStream.range(0, 2).mapToObj(i -> vertx.getOrCreateContext()).toList();

  SessionNode(
      int redisPort, SessionConfig config, PushHub push, FakeIssuer issuer, TestClock clock) {
    this(redisPort, config, push, issuer, clock, TIMING);
  }

  SessionNode(
      int redisPort,
      SessionConfig config,
      PushHub push,
      FakeIssuer issuer,
      TestClock clock,
      RefreshTiming timing) {
    this(redis(redisPort, "", ""), config, push, issuer, clock, timing);
  }

  SessionNode(
      RedisConfig redis,
      SessionConfig config,
      PushHub push,
      FakeIssuer issuer,
      TestClock clock,
      RefreshTiming timing) {
    this.clock = clock;
    lanes =
        new RedisLanes(
            vertx, redis, new LanePolicy(5, Duration.ofMillis(200), timing.redis()), meters);
    sessions =
        new Sessions(
            vertx,
            lanes,
            push,
            issuer,
            event -> {
              trail.add(event);
              return Future.succeededFuture();
            },
            config,
            meters,
            clock,
            timing);
  }

  static RedisConfig redis(int port, String user, String password) {
    return new RedisConfig(
        "127.0.0.1", port, user, new Secret(password), 0, Duration.ofSeconds(1), 4096);
  }

  /** Generous times, so that only the clock of a test ends anything. */
  static SessionConfig config() {
    return config(Duration.ofMinutes(30), Duration.ofHours(12), Duration.ofSeconds(30));
  }

  static SessionConfig config(Duration idle, Duration absolute, Duration alias) {
    return new SessionConfig(
        List.of(FIRST_KEY),
        idle,
        absolute,
        Duration.ofHours(4),
        alias,
        Duration.ofSeconds(2),
        1000,
        3,
        Duration.ofSeconds(8),
        1000);
  }

  /** With these master keys, the current one first. */
  static SessionConfig config(MasterKey... keys) {
    SessionConfig config = config();
    return config(List.of(keys), config.refreshWait(), config.refreshWaiting());
  }

  /** With so many requests at most that wait for a refresh, each for so long. */
  static SessionConfig config(int waiting, Duration wait) {
    return config(config().masterKeys(), wait, waiting);
  }

  private static SessionConfig config(List<MasterKey> keys, Duration wait, int waiting) {
    SessionConfig config = config();
    return new SessionConfig(
        keys,
        config.idle(),
        config.absolute(),
        config.rotateEvery(),
        config.alias(),
        config.cache(),
        config.cacheSize(),
        config.perUser(),
        wait,
        waiting);
  }

  NewSession login(FakeIssuer issuer) {
    return login(issuer, "subject-of-alice", "sid-of-the-provider");
  }

  NewSession login(FakeIssuer issuer, String subject, String sid) {
    return new NewSession(
        ISSUER, "acme", subject, "alice", sid, issuer.tokens(0), clock.instant(), "1");
  }

  /** Runs on an event loop of this node. */
  <T> Future<T> on(int loop, Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    loops.get(loop % loops.size()).runOnContext(start -> work.get().onComplete(promise));
    return promise.future();
  }

  OpenSession open(NewSession login) {
    return Await.value(on(0, () -> sessions.open(login)));
  }

  OpenSession find(String cookie) {
    return Await.value(on(0, () -> sessions.find(cookie)));
  }

  Future<OpenSession> finding(int loop, String cookie) {
    return on(loop, () -> sessions.find(cookie));
  }

  Rejection refusal(String cookie) {
    return refusal(finding(0, cookie));
  }

  static Rejection refusal(Future<?> future) {
    return (Rejection) Await.failure(future);
  }

  /** A command by words, straight to Redis. */
  Reply redis(String... words) {
    List<byte[]> bytes = Stream.of(words).map(Handle::ascii).toList();
    return Await.value(on(0, () -> lanes.lane().call(bytes, REDIS)));
  }

  Reply redis(byte[] value, String... words) {
    List<byte[]> bytes = new ArrayList<>(Stream.of(words).map(Handle::ascii).toList());
    bytes.add(value);
    return Await.value(on(0, () -> lanes.lane().call(bytes, REDIS)));
  }

  List<String> keys() {
    return redis("KEYS", "*").items().stream().map(Reply::text).sorted().toList();
  }

  double count(String name, String... tags) {
    Counter counter = meters.find(name).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  static String cookie(OpenSession open) {
    return open.cookie().orElseThrow(() -> new AssertionError("no cookie to set"));
  }

  static String name(String cookie) {
    return Handle.parse(cookie).orElseThrow().name();
  }

  @Override
  public void close() {
    Await.value(lanes.close());
    Await.value(vertx.close());
  }
}
