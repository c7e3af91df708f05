package io.portcullis.upstream;

import io.portcullis.config.UpstreamConfig;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The connections of one event loop to one internal service. Made per gateway instance, so that a
 * forwarded request never changes its thread. Every wait is bounded: for a connection, in the
 * queue, for bytes.
 */
public final class UpstreamClient {
  private final HttpClientAgent client;
  private final String prefix;

  /** To be called on the event loop that will use it. */
  public UpstreamClient(Vertx vertx, UpstreamConfig config) {
    URI url = config.url();
    boolean tls = "https".equals(url.getScheme());
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(url.getHost())
            .setDefaultPort(url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80)
            .setSsl(tls)
            .setKeepAlive(true)
            .setKeepAliveTimeout(60)
            .setConnectTimeout(Math.toIntExact(config.connectTimeout().toMillis()))
            .setReadIdleTimeout(Math.toIntExact(config.responseTimeout().toMillis()))
            .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
            .setDecompressionSupported(false)
            .setTcpNoDelay(true);
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(config.poolSize())
            .setMaxWaitQueueSize(config.maxWaiting());
    client = vertx.createHttpClient(options, pool);
    String path = url.getRawPath();
    prefix = path == null || path.equals("/") ? "" : path;
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

  /** Closes the connections. */
  public Future<Void> close() {
    return client.close();
  }
}
