package io.portcullis.upstream;

import io.portcullis.config.UpstreamConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.tls.Certificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one event loop to one internal service. Made per gateway instance, so that a
 * forwarded request never changes its thread. Every wait is bounded: for a connection, in the
 * queue, for bytes.
 */
public final class UpstreamClient {
  /** A connection that shows an older certificate of ours does not stay for ever. */
  private static final int MAX_LIFETIME_SECONDS = 600;

  private final @Nullable UpstreamTls tls;
  private final HttpClientAgent client;
  private final String prefix;
  private final long responseTimeoutMillis;

  /** To be called on the event loop that will use it. */
  public UpstreamClient(
      Vertx vertx, UpstreamConfig config, Certificates certificates, Clock clock) {
    URI url = config.url();
    boolean https = config.tls();
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(url.getHost())
            .setDefaultPort(url.getPort() >= 0 ? url.getPort() : https ? 443 : 80)
            .setSsl(false)
            .setKeepAlive(true)
            .setKeepAliveTimeout(60)
            .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
            // A request has a deadline of its own, below; this ends what that leaves behind.
            .setReadIdleTimeout(Math.toIntExact(2 * config.responseTimeout().toMillis()))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setDecompressionSupported(false)
            .setTcpNoDelay(true);
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(config.poolSize())
            .setMaxWaitQueueSize(config.maxWaiting());
    if (https) {
      UpstreamTls made = new UpstreamTls(certificates, config, clock);
      client =
          vertx
              .httpClientBuilder()
              .with(made.configure(options))
              .with(pool.setMaxLifetime(MAX_LIFETIME_SECONDS))
              .withConnectHandler(made::opened)
              .build();
      made.ready(client);
      tls = made;
    } else {
      client = vertx.createHttpClient(options, pool);
      tls = null;
    }
    String path = url.getRawPath();
    prefix = path == null || path.equals("/") ? "" : path;
    responseTimeoutMillis = config.responseTimeout().toMillis();
  }

  /**
   * A request that is ready to be sent.
   *
   * @param target path and query as they came
   * @return fails with a {@link Rejection}: {@code overloaded} when the queue is full, {@code
   *     upstream-failed} when no connection can be made
   */
  public Future<HttpClientRequest> request(HttpMethod method, String target) {
    return client
        .request(
            new RequestOptions()
                .setMethod(method)
                .setURI(prefix + target)
                .setIdleTimeout(responseTimeoutMillis)
                .setFollowRedirects(false))
        .recover(failure -> Future.failedFuture(refusal(failure)));
  }

  /** What a failure of the upstream means to the caller. */
  public static Rejection refusal(Throwable failure) {
    String kind = failure.getClass().getSimpleName();
    if (failure instanceof Rejection rejection) {
      return rejection;
    }
    if (kind.contains("TooBusy")) {
      return Rejection.retryable(
          Problem.OVERLOADED,
          "upstream-queue-full",
          "The service behind the gateway has too much to do at the moment.",
          Duration.ofSeconds(1));
    }
    if (kind.contains("Timeout")) {
      return Rejection.of(
          Problem.UPSTREAM_TIMEOUT,
          "upstream-timeout",
          "The service behind the gateway did not answer in time.");
    }
    return Rejection.of(
        Problem.UPSTREAM_FAILED,
        "upstream-failed",
        "The service behind the gateway could not be reached or broke off.");
  }

  /** Closes the connections of a service that no longer holds. To be called now and then. */
  public void recheck() {
    if (tls != null) {
      tls.recheck(System.nanoTime());
    }
  }

  /** Closes the connections. */
  public Future<Void> close() {
    if (tls != null) {
      tls.ended();
    }
    return client.close();
  }
}
