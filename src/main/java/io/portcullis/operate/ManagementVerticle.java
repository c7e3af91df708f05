package io.portcullis.operate;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcullis.config.ManagementConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The management listener: health, metrics and the operators' interface, on an address that nothing
 * outside can reach. Event loop, one.
 */
public final class ManagementVerticle extends VerticleBase {
  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final ManagementConfig config;
  private final Readiness readiness;
  private final PrometheusMeterRegistry registry;
  private final AdminApi admin;
  private @Nullable HttpServer server;

  /** Serves what {@code readiness} and {@code registry} know, and the operators' interface. */
  public ManagementVerticle(
      ManagementConfig config,
      Readiness readiness,
      PrometheusMeterRegistry registry,
      AdminApi admin) {
    this.config = config;
    this.readiness = readiness;
    this.registry = registry;
    this.admin = admin;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    router.route().handler(ManagementVerticle::guard);
    router.get("/health/live").handler(this::live);
    router.get("/health/started").handler(this::started);
    router.get("/health/ready").handler(this::ready);
    router.get("/metrics").handler(this::metrics);
    admin.mount(router);
    HttpServerOptions options =
        new HttpServerOptions()
            .setIdleTimeout(30)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setMaxHeaderSize(8 * 1024)
            .setCompressionSupported(true);
    HttpServer created = vertx.createHttpServer(options);
    server = created;
    return created.requestHandler(router).listen(config.port(), config.host());
  }

  @Override
  public Future<?> stop() {
    return server == null ? Future.succeededFuture() : server.shutdown(1, TimeUnit.SECONDS);
  }

  /** The port that is bound, for a configured port of 0. */
  public int port() {
    return server == null ? 0 : server.actualPort();
  }

  /** On every answer, the router's own included: nothing here is a page, or anybody's to keep. */
  private static void guard(RoutingContext context) {
    context
        .response()
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("cache-control", "no-store")
        .putHeader("content-security-policy", "default-src 'none'; frame-ancestors 'none'")
        .putHeader("referrer-policy", "no-referrer");
    context.next();
  }

  private void live(RoutingContext context) {
    // This very answer is the proof: the event loop turns.
    json(context.response(), 200, new JsonObject().put("status", "up"));
  }

  private void started(RoutingContext context) {
    boolean up = readiness.hasStarted();
    json(context.response(), up ? 200 : 503, new JsonObject().put("status", up ? "up" : "down"));
  }

  private void ready(RoutingContext context) {
    readiness
        .ready()
        .onSuccess(
            report ->
                json(
                    context.response(),
                    "down".equals(report.getString("status")) ? 503 : 200,
                    report))
        .onFailure(context::fail);
  }

  private void metrics(RoutingContext context) {
    // Rendering walks every meter; off the event loop it delays nobody.
    vertx
        .executeBlocking(() -> registry.scrape(METRICS_TYPE))
        .onSuccess(text -> context.response().putHeader("content-type", METRICS_TYPE).end(text))
        .onFailure(context::fail);
  }

  private static void json(HttpServerResponse response, int status, JsonObject body) {
    response
        .setStatusCode(status)
        .putHeader("content-type", "application/json")
        .end(body.toBuffer());
  }
}
