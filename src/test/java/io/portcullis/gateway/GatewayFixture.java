package io.portcullis.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.CorsConfig;
import io.portcullis.config.HttpConfig;
import io.portcullis.config.IdentityConfig;
import io.portcullis.config.InternalConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.config.UpstreamConfig;
import io.portcullis.identity.DpopVerifier;
import io.portcullis.identity.SigningKeys;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.LocalRateLimiter;
import io.portcullis.limit.RateLimiter;
import io.portcullis.service.ServiceBus;
import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.portcullis.tls.Certificates;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A gateway with public routes to an upstream that the test plays, both on the loopback. */
final class GatewayFixture implements AutoCloseable {
  /** Nothing ends by them, also where the machine has much else to do. */
  private static final Duration PATIENT_HEAD = Duration.ofSeconds(5);

  private static final Duration PATIENT_REQUEST = Duration.ofSeconds(10);

  private static final RateLimiter NO_LIMITS =
      admission -> Future.failedFuture(new AssertionError("public routes have no limits"));

  private final Vertx vertx;
  private final GatewayParts parts;
  private final SimpleMeterRegistry registry;
  private final int port;

  private GatewayFixture(Vertx vertx, GatewayParts parts, SimpleMeterRegistry registry, int port) {
    this.vertx = vertx;
    this.parts = parts;
    this.registry = registry;
    this.port = port;
  }

  /** A gateway with tight limits: 4 connections, 2 requests in flight. */
  static GatewayFixture start(Handler<HttpServerRequest> upstream) {
    return start(upstream, 4, 2, 8);
  }

  /** A gateway with other limits; as many may wait for an upstream connection as there are. */
  static GatewayFixture start(
      Handler<HttpServerRequest> upstream, int maxConnections, int maxInFlight, int upstreamPool) {
    return start(
        upstream,
        http(maxConnections, maxInFlight, PATIENT_HEAD, PATIENT_REQUEST, "", CorsConfig.OFF),
        upstreamPool);
  }

  /**
   * One with one upstream connection that waits half a second for a head, a second for the rest.
   */
  static GatewayFixture hasty(Handler<HttpServerRequest> upstream) {
    Duration head = Duration.ofMillis(500);
    return start(upstream, http(1000, 1000, head, Duration.ofSeconds(1), "", CorsConfig.OFF), 1);
  }

  /** A gateway that pages of other origins use. */
  static GatewayFixture start(
      Handler<HttpServerRequest> upstream, String publicUrl, CorsConfig cors) {
    return start(upstream, http(1000, 1000, PATIENT_HEAD, PATIENT_REQUEST, publicUrl, cors), 8);
  }

  private static GatewayFixture start(
      Handler<HttpServerRequest> upstream, HttpConfig http, int upstreamPool) {
    Vertx vertx = Vertx.vertx();
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    HttpServer server =
        Await.value(vertx.createHttpServer().requestHandler(upstream).listen(0, "127.0.0.1"));
    GatewayParts parts =
        parts(vertx, registry, http, Samples.upstream("up", server.actualPort(), upstreamPool));
    GatewayVerticle verticle = new GatewayVerticle(parts);
    Await.value(vertx.deployVerticle(verticle, new DeploymentOptions()));
    return new GatewayFixture(vertx, parts, registry, verticle.port());
  }

  RawHttp.Answer get(String target, String... headers) throws IOException {
    return raw(RawHttp.get("a", target, headers));
  }

  RawHttp.Answer post(String target, String body) throws IOException {
    return raw(
        "POST "
            + target
            + " HTTP/1.1\r\nHost: a\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  RawHttp.Answer raw(String request) throws IOException {
    try (RawHttp connection = open()) {
      connection.send(request);
      return connection.read();
    }
  }

  RawHttp open() throws IOException {
    return new RawHttp(port);
  }

  Vertx vertx() {
    return vertx;
  }

  /** How often something was refused before it was a request. */
  double malformed(String reason) {
    return registry.counter("portcullis.requests.malformed", "reason", reason).count();
  }

  void awaitInFlight(int count) {
    Await.until(
        () -> parts.inFlight().get() == count,
        Duration.ofSeconds(10),
        () -> parts.inFlight().get() + " in flight instead of " + count);
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }

  private static GatewayParts parts(
      Vertx vertx, SimpleMeterRegistry registry, HttpConfig http, UpstreamConfig up) {
    IdentityConfig identity = Samples.identity();
    Clock clock = Clock.systemUTC();
    SigningKeys keys = new SigningKeys(identity, clock);
    return GatewayParts.of(
        http,
        new InternalConfig("127.0.0.1", 0, List.of()),
        new Certificates(Samples.NO_TLS, "test"),
        List.of(up, Samples.upstream("away", 1, 8)),
        List.of(
            route("up"),
            route("away"),
            local("openapi", "/openapi.json", "GET"),
            local("login", "/auth/login", "GET"),
            local("callback", "/auth/callback", "GET"),
            local("logout", "/auth/logout", "POST"),
            local("backchannel-logout", "/auth/backchannel-logout", "POST")),
        new TokenVerifier(
            identity, keys, id -> Optional.empty(), revoked -> false, registry, clock),
        Optional.empty(),
        new DpopVerifier(
            identity.dpop(), (id, keep) -> Future.succeededFuture(true), registry, clock),
        caller -> false,
        listener -> () -> {},
        LocalRateLimiter.ofAddresses("failed-authentication", 1000, Duration.ofMinutes(1), 10),
        NO_LIMITS,
        "",
        event -> Future.succeededFuture(),
        () -> true,
        new ServiceBus(vertx, clock),
        registry,
        () -> {},
        clock);
  }

  private static HttpConfig http(
      int maxConnections,
      int maxInFlight,
      Duration head,
      Duration request,
      String publicUrl,
      CorsConfig cors) {
    return new HttpConfig(
        "127.0.0.1",
        0,
        1,
        16_384,
        8_192,
        16_384,
        maxConnections,
        maxInFlight,
        Duration.ofSeconds(30),
        head,
        request,
        Duration.ofSeconds(2),
        List.of(),
        "",
        HttpConfig.Tls.OFF,
        Set.of(),
        Duration.ofMinutes(10),
        publicUrl.isEmpty() ? Optional.empty() : Optional.of(URI.create(publicUrl)),
        cors);
  }

  private static RouteConfig route(String name) {
    Target upstream = new Target.Upstream(name);
    return Samples.route(name, "/" + name + "/*", Set.of("GET", "POST"), upstream, Access.PUBLIC);
  }

  private static RouteConfig local(String operation, String path, String method) {
    Target here = new Target.Local(operation);
    return Samples.route(operation, path, Set.of(method), here, Access.PUBLIC);
  }
}
