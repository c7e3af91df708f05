package io.portcullis.gateway;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.CorsConfig;
import io.portcullis.config.HttpConfig;
import io.portcullis.config.IdentityConfig;
import io.portcullis.config.InternalConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Listener;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.config.TlsConfig;
import io.portcullis.config.UpstreamConfig;
import io.portcullis.identity.DpopVerifier;
import io.portcullis.identity.SigningKeys;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Decision;
import io.portcullis.service.ServiceBus;
import io.portcullis.testing.Await;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestAuthority.Identity;
import io.portcullis.tls.CertificateVerticle;
import io.portcullis.tls.Certificates;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Both listeners by certificate on the loopback, each with two instances that share a port, with an
 * authority that the test plays.
 */
final class TlsGateway implements AutoCloseable {
  static final String PUBLIC_REQUEST = request("/openapi.json");
  static final String INTERNAL_REQUEST = request("/internal/v1/me");
  private static final int INSTANCES = 2;
  private static final RateLimiter NO_LIMITS =
      admission ->
          Future.succeededFuture(new Decision(true, Decision.Mode.LOCAL, List.of(), -1, 0, false));

  final TestAuthority authority = new TestAuthority("ours");
  private final Identity first = authority.issue("gateway");
  final Vertx vertx = Vertx.vertx();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final List<AuditEvent> events = new CopyOnWriteArrayList<>();
  final int publicPort = FreePort.any();
  final int internalPort = FreePort.any();
  final Certificates certificates;
  private final Path folder;
  private int versions;

  TlsGateway(Path folder, Duration maxAge, UpstreamConfig... upstreams) {
    this.folder = folder;
    serve(first);
    trust(authority);
    deny();
    TlsConfig tls =
        new TlsConfig(
            Optional.of(file("current/tls.crt")),
            Optional.of(file("current/tls.key")),
            Optional.of(file("trust.pem")),
            Optional.of(file("denied.json")),
            Duration.ofMillis(200),
            "gateway");
    certificates = new Certificates(tls, "test");
    Await.value(
        vertx.deployVerticle(
            new CertificateVerticle(tls, certificates, meters, Clock.systemUTC())));
    GatewayParts parts = parts(maxAge, List.of(upstreams));
    DeploymentOptions instances = new DeploymentOptions().setInstances(INSTANCES);
    Await.value(vertx.deployVerticle(() -> new GatewayVerticle(parts), instances));
    Await.value(vertx.deployVerticle(() -> GatewayVerticle.internal(parts), instances));
  }

  static String request(String target, String... headers) {
    return RawHttp.get("localhost", target, headers);
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** The gateway's own certificate from here on, swapped as the real authority does it. */
  void serve(Identity identity) {
    String version = Integer.toString(++versions);
    try {
      Files.createDirectory(file(version));
      TestAuthority.replace(file(version + "/tls.key"), identity.keyPem());
      TestAuthority.replace(file(version + "/tls.crt"), identity.certificatePem());
      Path link = Files.createSymbolicLink(file("next"), Path.of(version));
      Files.move(link, file("current"), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** One file alone. */
  void put(String name, String text) {
    TestAuthority.replace(file(name), text);
  }

  /** All files as they were at the start. */
  void restore() {
    trust(authority);
    serve(first);
  }

  void trust(TestAuthority... authorities) {
    StringBuilder text = new StringBuilder();
    for (TestAuthority one : authorities) {
      text.append(TestAuthority.pem(one.root()));
    }
    TestAuthority.replace(file("trust.pem"), text.toString());
  }

  void deny(Identity... identities) {
    StringBuilder entries = new StringBuilder();
    for (Identity identity : identities) {
      entries.append(entries.isEmpty() ? "" : ",");
      entries.append("{\"serial\":\"").append(identity.serial());
      entries.append("\",\"until\":\"").append(Instant.now().plusSeconds(9999)).append("\"}");
    }
    TestAuthority.replace(file("denied.json"), "{\"version\":1,\"denied\":[" + entries + "]}");
  }

  /** A connection whose handshake is over. */
  SSLSocket connect(SSLContext context, int port) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.setSoTimeout(5_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 5_000);
    socket.startHandshake();
    return socket;
  }

  RawHttp open(Identity identity, int port) throws IOException {
    return new RawHttp(connect(authority.peer(identity), port));
  }

  RawHttp.Answer ask(Identity identity, int port, String request) throws IOException {
    try (RawHttp connection = open(identity, port)) {
      connection.send(request);
      return connection.read();
    }
  }

  /** Whether a peer gets any answer at all. */
  boolean isServed(SSLContext context, int port) {
    try (RawHttp connection = new RawHttp(connect(context, port))) {
      connection.send(port == publicPort ? PUBLIC_REQUEST : INTERNAL_REQUEST);
      connection.read();
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  double count(String meter, String... tags) {
    return meters.find(meter).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }

  private GatewayParts parts(Duration maxAge, List<UpstreamConfig> upstreams) {
    IdentityConfig identity = Samples.identity();
    Clock clock = Clock.systemUTC();
    SigningKeys keys = new SigningKeys(identity, clock);
    InternalConfig.Client ops = new InternalConfig.Client("ops", Set.of("service"));
    InternalConfig.Client other = new InternalConfig.Client("other", Set.of());
    return GatewayParts.of(
        http(maxAge),
        new InternalConfig("127.0.0.1", internalPort, List.of(ops, other)),
        certificates,
        upstreams,
        List.of(
            route("openapi", "/openapi.json", new Target.Local("openapi"), Listener.PUBLIC),
            route("up", "/up/*", new Target.Upstream("up"), Listener.PUBLIC),
            route("me", "/internal/v1/me", new Target.Local("me"), Listener.INTERNAL)),
        new TokenVerifier(identity, keys, id -> Optional.empty(), gone -> false, meters, clock),
        Optional.empty(),
        new DpopVerifier(
            identity.dpop(), (id, keep) -> Future.succeededFuture(true), meters, clock),
        caller -> false,
        listener -> () -> {},
        NO_LIMITS,
        NO_LIMITS,
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

  private HttpConfig http(Duration maxAge) {
    return new HttpConfig(
        "127.0.0.1",
        publicPort,
        INSTANCES,
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
        "",
        HttpConfig.Tls.MUTUAL,
        Set.of("nginx"),
        maxAge,
        Optional.empty(),
        CorsConfig.OFF);
  }

  private static RouteConfig route(String name, String path, Target target, Listener listener) {
    boolean internal = listener == Listener.INTERNAL;
    return new RouteConfig(
        name,
        path,
        Set.of("GET"),
        target,
        Set.of(),
        Set.of(),
        internal ? Access.CALLER : Access.PUBLIC,
        0,
        1,
        listener,
        internal ? Set.of("ops") : Set.of(),
        0);
  }

  static UpstreamConfig upstream(int port, String role) {
    return new UpstreamConfig(
        "up",
        URI.create("https://127.0.0.1:" + port),
        8,
        8,
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Optional.of(role));
  }
}
