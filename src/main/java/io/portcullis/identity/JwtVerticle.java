package io.portcullis.identity;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.IdentityConfig;
import io.portcullis.tls.Trust;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link SigningKeys} fresh: fetches every issuer's keys at the start, in the background, and
 * when a token asks for one. One instance on one event loop.
 *
 * <p>The start succeeds once every issuer has been asked, whatever came of it: without keys
 * requests are answered 503, and the background goes on trying. After a failure it waits the floor,
 * then twice as long each time up to half a minute (or the interval, if that is shorter); every
 * wait is varied by a tenth so that nodes do not ask in step.
 */
public final class JwtVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(JwtVerticle.class);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);
  private static final double JITTER = 0.1;

  private final IdentityConfig config;
  private final SigningKeys keys;
  private final Map<IdentityConfig.Issuer, Trust> trusts;
  private final Counter refreshed;
  private final Counter failed;

  /** Only touched on this verticle's event loop. */
  private boolean stopped;

  /** Deploys nothing yet. Reads the trusted certificates, which blocks. */
  public JwtVerticle(IdentityConfig config, SigningKeys keys, MeterRegistry registry) {
    this.config = config;
    this.keys = keys;
    this.trusts =
        config.issuers().stream()
            .filter(issuer -> issuer.trust().isPresent())
            .collect(Collectors.toMap(issuer -> issuer, issuer -> Trust.of(issuer.trust())));
    this.refreshed = registry.counter("portcullis.jwks.refresh", "result", "ok");
    this.failed = registry.counter("portcullis.jwks.refresh", "result", "failed");
    for (IssuerKeys issuer : keys.all()) {
      Gauge.builder("portcullis.jwks.age.seconds", issuer, IssuerKeys::ageSeconds)
          .tag("issuer", issuer.issuer().name())
          .register(registry);
    }
  }

  @Override
  public Future<?> start() {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout((int) config.fetchTimeout().toMillis())
            .setKeepAliveTimeout(5);
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(2).setMaxWaitQueueSize(8);
    HttpClient client = vertx.createHttpClient(options, pool);
    KeyFetcher fetcher = new KeyFetcher(client, trusts, config.fetchTimeout());
    List<Future<Void>> first =
        keys.all().stream()
            .map(
                issuer -> {
                  issuer.fetchWith(() -> onThisLoop(fetcher, issuer));
                  return refresh(issuer, 0);
                })
            .toList();
    return Future.join(first);
  }

  @Override
  public Future<?> stop() {
    stopped = true; // a fetch that ends later must not begin the next wait
    return Future.succeededFuture();
  }

  /** A fetch, from any thread. Its future completes on this verticle's event loop. */
  private Future<List<SigningKey>> onThisLoop(KeyFetcher fetcher, IssuerKeys issuer) {
    Promise<List<SigningKey>> promise = Promise.promise();
    context.runOnContext(
        run ->
            Future.<Void>succeededFuture()
                .compose(begun -> fetcher.fetch(issuer.issuer()))
                .onComplete(
                    jwks -> {
                      refreshed(issuer, jwks);
                      promise.complete(jwks.keys());
                    },
                    cause -> {
                      failed(issuer, cause);
                      promise.fail(cause);
                    }));
    return promise.future();
  }

  /** Refreshes, and sees to the next time. Succeeds in any case. */
  private Future<Void> refresh(IssuerKeys issuer, int failuresBefore) {
    return issuer
        .refresh()
        .transform(
            outcome -> {
              int failures = outcome.succeeded() ? 0 : failuresBefore + 1;
              if (!stopped) {
                vertx.setTimer(delayMillis(failures), timer -> refresh(issuer, failures));
              }
              return Future.succeededFuture();
            });
  }

  private long delayMillis(int failures) {
    long interval = config.refreshInterval().toMillis();
    long floor = Math.max(1, config.refreshFloor().toMillis());
    long retry = floor << Math.min(Math.max(0, failures - 1), 10);
    long longest = Math.max(floor, Math.min(interval, LONGEST_RETRY.toMillis()));
    long delay = failures == 0 ? interval : Math.min(retry, longest);
    double factor = 1 + JITTER * ThreadLocalRandom.current().nextDouble();
    return Math.max(1, (long) (delay * factor));
  }

  private void refreshed(IssuerKeys issuer, JwksReader.Jwks jwks) {
    refreshed.increment();
    LOG.atInfo()
        .addKeyValue("event.action", "jwks.refresh")
        .addKeyValue("event.outcome", "success")
        .addKeyValue("portcullis.issuer", issuer.issuer().name())
        .addKeyValue("portcullis.jwks.keys", jwks.keys().size())
        .addKeyValue("portcullis.jwks.ignored", jwks.ignored())
        .log("signing keys fetched");
  }

  private void failed(IssuerKeys issuer, Throwable cause) {
    failed.increment();
    LOG.atWarn()
        .addKeyValue("event.action", "jwks.refresh")
        .addKeyValue("event.outcome", "failure")
        .addKeyValue("portcullis.issuer", issuer.issuer().name())
        .addKeyValue("error.type", cause.getClass().getSimpleName())
        .addKeyValue("error.message", cause.getMessage())
        .log("signing keys not fetched");
  }
}
