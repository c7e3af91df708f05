package io.portcullis.gateway;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.CorsConfig;
import io.portcullis.config.HttpConfig;
import io.portcullis.config.IdentityConfig;
import io.portcullis.config.InternalConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.identity.DpopVerifier;
import io.portcullis.identity.JwtVerticle;
import io.portcullis.identity.SigningKeys;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Decision;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import io.portcullis.service.ServiceBus;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestIssuer;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.portcullis.tls.Certificates;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A gateway with an issuer, a tenant whose policy can be changed, and an upstream that echoes. */
final class BindingGateway implements AutoCloseable {
  static final String PUBLIC = "https://api.example.com";
  private static final String ORGANIZATION = "9a7c1e54-0d1b-4c2a-8f5e-6b7a8c9d0e1f";
  private static final TestKey ISSUER_KEY = TestKey.of("rsa-1", "RS256");
  private static final Decision ADMITTED =
      new Decision(true, Decision.Mode.LOCAL, List.of(), -1, 0, false);

  final Vertx vertx = Vertx.vertx();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  final List<MultiMap> upstream = new CopyOnWriteArrayList<>();
  final AtomicInteger refusalsCounted = new AtomicInteger();
  final TestIssuer issuer = new TestIssuer(vertx);
  volatile TokenBinding policy = TokenBinding.NONE;
  volatile boolean patient = true;
  volatile boolean revokedMeanwhile;
  private final GatewayVerticle verticle;

  BindingGateway(String tenantHosts, boolean dpop) {
    issuer.publish(ISSUER_KEY);
    HttpServer server =
        Await.value(
            vertx
                .createHttpServer()
                .requestHandler(
                    request -> {
                      upstream.add(request.headers());
                      request.response().putHeader("DPoP-Nonce", "of-the-upstream").end("{}");
                    })
                .listen(0, "127.0.0.1"));
    IdentityConfig identity = Samples.identity(issuer.config());
    SigningKeys keys = new SigningKeys(identity, Clock.systemUTC());
    Await.value(vertx.deployVerticle(() -> new JwtVerticle(identity, keys, meters), options()));
    verticle = new GatewayVerticle(parts(identity, keys, http(tenantHosts, dpop), server));
    Await.value(vertx.deployVerticle(verticle, options()));
  }

  private static io.vertx.core.DeploymentOptions options() {
    return new io.vertx.core.DeploymentOptions();
  }

  /** A token of alice in acme, to be bound. */
  TestToken token() {
    return new TestToken(issuer.issuer(), ISSUER_KEY, Instant.now());
  }

  String tokenOf(DpopKey key) {
    return token().claim("cnf", new JsonObject().put("jkt", key.thumbprint())).signed();
  }

  RawHttp.Answer get(String path, String... headers) throws IOException {
    return getAt("api.example.com", path, headers);
  }

  RawHttp.Answer getAt(String host, String path, String... headers) throws IOException {
    try (RawHttp connection = new RawHttp(verticle.port())) {
      connection.send(RawHttp.get(host, path, headers));
      return connection.read();
    }
  }

  private Optional<Tenant> tenant(String organization) {
    return organization.equals(ORGANIZATION)
        ? Optional.of(
            new Tenant(
                new TenantId("a123456789012"), "acme", ORGANIZATION, Tenant.State.ACTIVE, policy))
        : Optional.empty();
  }

  private GatewayParts parts(
      IdentityConfig identity, SigningKeys keys, HttpConfig http, HttpServer server) {
    Clock clock = Clock.systemUTC();
    Set<String> marked = ConcurrentHashMap.newKeySet();
    RateLimiter refusals =
        admission -> {
          refusalsCounted.incrementAndGet();
          return Future.succeededFuture(
              patient
                  ? ADMITTED
                  : new Decision(false, Decision.Mode.LOCAL, List.of(), 0, 1000, false));
        };
    return GatewayParts.of(
        http,
        new InternalConfig("127.0.0.1", 0, List.of()),
        new Certificates(Samples.NO_TLS, "test"),
        List.of(Samples.upstream("up", server.actualPort(), 8)),
        List.of(
            route("me", new Target.Local("me"), Access.TENANT),
            route("up", new Target.Upstream("up"), Access.TENANT),
            route("caller", new Target.Local("me"), Access.CALLER)),
        new TokenVerifier(identity, keys, this::tenant, revoked -> false, meters, clock),
        Optional.empty(),
        new DpopVerifier(
            identity.dpop(), (id, keep) -> Future.succeededFuture(marked.add(id)), meters, clock),
        caller -> revokedMeanwhile,
        listener -> () -> {},
        refusals,
        admission -> Future.succeededFuture(ADMITTED),
        "",
        event -> {
          events.add(event);
          return Future.succeededFuture();
        },
        () -> true,
        new ServiceBus(vertx, clock),
        meters,
        () -> {},
        clock);
  }

  private static HttpConfig http(String tenantHosts, boolean dpop) {
    return new HttpConfig(
        "127.0.0.1",
        0,
        1,
        16_384,
        8_192,
        16_384,
        100,
        100,
        Duration.ofSeconds(30),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(2),
        List.of(),
        tenantHosts,
        HttpConfig.Tls.OFF,
        Set.of(),
        Duration.ofMinutes(10),
        dpop ? Optional.of(URI.create(PUBLIC)) : Optional.empty(),
        CorsConfig.OFF);
  }

  private static RouteConfig route(String name, Target target, Access access) {
    return Samples.route(name, "/" + name, Set.of("GET"), target, access);
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
