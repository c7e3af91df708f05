package io.portcullis.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.portcullis.config.IdentityConfig;
import io.portcullis.config.IdentityConfig.Issuer;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One issuer's keys over time, and the rules by which they are fetched again.
 *
 * <ul>
 *   <li>One fetch at a time; whoever needs its result waits for the same one.
 *   <li>A token with an unknown {@code kid} causes a fetch, but never sooner than the floor after
 *       the beginning of the last one, and not for a {@code kid} that a successful fetch just
 *       called unknown. So made-up key ids cost the issuer one fetch per floor, however many there
 *       are.
 *   <li>Only a successful fetch can call a key unknown (401). While the issuer is away, an unknown
 *       key is our trouble (503).
 *   <li>A fetch replaces all keys. A failed one changes nothing until the keys reach their maximum
 *       age; from then on there are none to verify with (503).
 * </ul>
 *
 * Safe on any thread. The lock guards the decision to begin a fetch, never a wait.
 */
final class IssuerKeys {
  /** Requests that may wait for one fetch; beyond that they are told to come back. */
  private static final int MAX_WAITING = 1000;

  private static final int MAX_UNKNOWN_IDS = 1000;

  private final Issuer issuer;
  private final Set<Algorithm> algorithms;
  private final AccessClaims accessClaims;
  private final InstantSource clock;
  private final long floorMillis;
  private final long maxStaleMillis;
  private final Cache<String, Boolean> unknownIds;
  private final AtomicInteger waiting = new AtomicInteger();

  private volatile KeySet keys = KeySet.NONE;
  private volatile boolean lastSucceeded;
  private volatile Supplier<Future<List<SigningKey>>> fetcher =
      () -> Future.failedFuture(unavailable());
  private @Nullable Future<KeySet> running;
  private long lastBeganMillis = Long.MIN_VALUE;

  IssuerKeys(IdentityConfig config, Issuer issuer, InstantSource clock) {
    this.issuer = issuer;
    this.algorithms = algorithms(issuer);
    this.accessClaims = new AccessClaims(issuer, config.leeway());
    this.clock = clock;
    this.floorMillis = config.refreshFloor().toMillis();
    this.maxStaleMillis = config.maxStale().toMillis();
    this.unknownIds =
        Caffeine.newBuilder()
            .maximumSize(MAX_UNKNOWN_IDS)
            .expireAfterWrite(config.unknownKeyTtl())
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .executor(Runnable::run)
            .build();
  }

  private static Set<Algorithm> algorithms(Issuer issuer) {
    Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
    for (String name : issuer.algorithms()) {
      algorithms.add(
          Algorithm.named(name)
              .orElseThrow(
                  () -> new IllegalArgumentException("not a supported JWS algorithm: " + name)));
    }
    return algorithms;
  }

  Issuer issuer() {
    return issuer;
  }

  AccessClaims claims() {
    return accessClaims;
  }

  boolean allows(Algorithm algorithm) {
    return algorithms.contains(algorithm);
  }

  /** The keys of the last successful fetch, however old. */
  KeySet keys() {
    return keys;
  }

  /** Whether the keys are young enough to believe. */
  boolean usable(long nowMillis) {
    KeySet current = keys;
    return !current.isEmpty() && nowMillis - current.fetchedAtMillis() <= maxStaleMillis;
  }

  /** Sets how keys are fetched. The future must complete in bounded time, on any thread. */
  void fetchWith(Supplier<Future<List<SigningKey>>> newFetcher) {
    fetcher = newFetcher;
  }

  /** Fetches now, or joins the fetch that is running. Fails when the fetch does. */
  Future<KeySet> refresh() {
    Promise<KeySet> promise;
    synchronized (this) {
      if (running != null) {
        return running;
      }
      promise = begin();
    }
    return fetch(promise);
  }

  /** Begins a fetch unless the floor forbids it, and waits for nothing. */
  void refreshSoon() {
    Promise<KeySet> promise;
    synchronized (this) {
      if (running != null || withinFloor()) {
        return;
      }
      promise = begin();
    }
    var unused = fetch(promise);
  }

  /**
   * Keys that may know the given id. Fails with a rejection: unauthenticated when the issuer itself
   * has said that there is no such key, unavailable when it could not be asked.
   */
  Future<KeySet> refreshFor(String keyId) {
    if (unknownIds.getIfPresent(keyId) != null) {
      return Future.failedFuture(Refusal.KEY_UNKNOWN.rejection());
    }
    Future<KeySet> result;
    @Nullable Promise<KeySet> promise = null;
    synchronized (this) {
      if (running != null) {
        result = running;
      } else if (withinFloor()) {
        return Future.failedFuture(lastSucceeded ? Refusal.KEY_UNKNOWN.rejection() : unavailable());
      } else {
        promise = begin();
        result = promise.future();
      }
    }
    if (promise != null) {
      result = fetch(promise);
    }
    return await(result, keyId);
  }

  private Future<KeySet> await(Future<KeySet> fetch, String keyId) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      return Future.failedFuture(unavailable());
    }
    return fetch.transform(
        outcome -> {
          waiting.decrementAndGet();
          if (outcome.failed()) {
            return Future.failedFuture(unavailable());
          }
          if (!outcome.result().knows(keyId)) {
            unknownIds.put(keyId, true);
            return Future.failedFuture(Refusal.KEY_UNKNOWN.rejection());
          }
          return Future.succeededFuture(outcome.result());
        });
  }

  private static Rejection unavailable() {
    return Rejection.unavailable("identity-provider");
  }

  /** A clock that went backwards opens the floor rather than closing it for long. */
  private boolean withinFloor() {
    long now = clock.millis();
    return lastBeganMillis != Long.MIN_VALUE
        && now >= lastBeganMillis
        && now - lastBeganMillis < floorMillis;
  }

  /** With the lock held. */
  private Promise<KeySet> begin() {
    Promise<KeySet> promise = Promise.promise();
    running = promise.future();
    lastBeganMillis = clock.millis();
    return promise;
  }

  private Future<KeySet> fetch(Promise<KeySet> promise) {
    long beganMillis = clock.millis();
    Future.<Void>succeededFuture()
        .compose(begun -> fetcher.get())
        .onComplete(
            outcome -> {
              boolean succeeded = outcome.succeeded() && !outcome.result().isEmpty();
              synchronized (this) {
                if (succeeded) {
                  keys = keys.replacedBy(outcome.result(), beganMillis);
                }
                lastSucceeded = succeeded;
                running = null;
              }
              if (succeeded) {
                promise.complete(keys);
              } else {
                promise.fail(outcome.failed() ? outcome.cause() : unavailable());
              }
            });
    return promise.future();
  }

  KeyStatus status() {
    KeySet current = keys;
    long now = clock.millis();
    KeyStatus.Mode mode =
        !usable(now)
            ? KeyStatus.Mode.UNAVAILABLE
            : lastSucceeded ? KeyStatus.Mode.FRESH : KeyStatus.Mode.STALE;
    return new KeyStatus(issuer.name(), mode, age(current, now), current.size());
  }

  private static Optional<Duration> age(KeySet current, long nowMillis) {
    return current.isEmpty()
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(0, nowMillis - current.fetchedAtMillis())));
  }

  /** For the gauge: not a number while there are no keys. */
  double ageSeconds() {
    return age(keys, clock.millis()).map(age -> age.toMillis() / 1000.0).orElse(Double.NaN);
  }
}
