package io.portcullis.identity;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.RedisConfig;
import io.portcullis.config.RevocationConfig;
import io.portcullis.config.Secret;
import io.portcullis.identity.Revocation.Kind;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.redis.Broadcast;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.portcullis.testing.Await;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** What a node needs for revocations, in this JVM, on a Redis of the test. */
final class RevocationNode implements AutoCloseable {
  static final RevocationConfig CONFIG = new RevocationConfig(Duration.ofHours(1), 3_000);

  final Vertx vertx = Vertx.vertx();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final AtomicInteger changes = new AtomicInteger();
  final RedisLanes lanes;
  final RevocationStore store;
  final Revocations revocations;
  private final RevocationVerticle keeper;
  private final Broadcast broadcast;
  private volatile Duration ahead = Duration.ZERO;

  RevocationNode(int redisPort) {
    this(redisPort, "", "");
  }

  RevocationNode(int redisPort, String user, String password) {
    RedisConfig redis =
        new RedisConfig(
            "127.0.0.1", redisPort, user, new Secret(password), 1, Duration.ofSeconds(1), 1_024);
    lanes = new RedisLanes(vertx, redis, LanePolicy.forState(), meters, "state");
    broadcast = new Broadcast(vertx, redis, lanes, meters);
    store = new RevocationStore(lanes, broadcast, CONFIG);
    InstantSource clock = () -> Instant.now().plus(ahead);
    revocations = new Revocations(store, CONFIG, clock);
    keeper = new RevocationVerticle(store, revocations, meters, clock);
    store.listen(keeper::refresh);
    revocations.onChange(changes::incrementAndGet);
  }

  RevocationNode start() {
    Await.value(broadcast.start());
    Await.value(vertx.deployVerticle(keeper));
    return this;
  }

  RevocationNode startConnected() {
    start();
    Await.until("connected", broadcast::connected);
    return this;
  }

  /** The node's clock goes ahead. */
  void later(Duration by) {
    ahead = ahead.plus(by);
  }

  Revocation revoke(Kind kind, String name) {
    Revocation revocation = new Revocation(kind, "", name, Instant.now(), "test");
    Await.value(revocations.revoke(revocation));
    return revocation;
  }

  void awaitRevoked(String subject, Duration limit) {
    Await.until(
        () -> revocations.covers(caller(subject)), limit, () -> subject + " is not revoked");
  }

  /** A caller with a token of a minute ago. */
  static Caller caller(String subject) {
    return caller(subject, Instant.now().minusSeconds(60), Duration.ofMinutes(5));
  }

  static Caller caller(String subject, Instant issuedAt, Duration life) {
    return new Caller(
        "https://id.example",
        subject,
        subject,
        "client",
        List.of(),
        Optional.empty(),
        Set.of(),
        Set.of(),
        Credential.of("id", issuedAt, issuedAt.plus(life)));
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
