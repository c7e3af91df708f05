package io.portcullis;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.portcullis.audit.AuditEvents;
import io.portcullis.audit.AuditTrail;
import io.portcullis.audit.AuditVerticle;
import io.portcullis.chat.ConversationVerticle;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.gateway.GatewayParts;
import io.portcullis.gateway.GatewayVerticle;
import io.portcullis.identity.JwtVerticle;
import io.portcullis.identity.SigningKeys;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.LocalRateLimiter;
import io.portcullis.limit.RateLimitVerticle;
import io.portcullis.limit.RedisRateLimiter;
import io.portcullis.operate.ManagementVerticle;
import io.portcullis.operate.Metrics;
import io.portcullis.operate.Readiness;
import io.portcullis.redis.LanePolicy;
import io.portcullis.redis.RedisLanes;
import io.portcullis.service.ServiceBus;
import io.portcullis.session.BrowserLogin;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.tenant.TenantRegistry;
import io.portcullis.tenant.TenantSession;
import io.portcullis.tenant.TenantVerticle;
import io.portcullis.tls.CertificateVerticle;
import io.portcullis.tls.Certificates;
import io.portcullis.waf.WafLogVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The floor plan: one node, its parts built once, its verticles deployed in order and stopped in
 * the reverse of it. What a room needs from a stranger, it is handed here as a method reference.
 */
public final class Portcullis {
  private static final Logger log = LoggerFactory.getLogger(Portcullis.class);

  private final PortcullisConfig config;
  private final PrometheusMeterRegistry meters;
  private final Vertx vertx;
  private final PlatformDatabase platform;
  private final TenantSession tenants;
  private final TenantRegistry registry;
  private final TenantVerticle registrar;
  private final AuditTrail trail;
  private final AuditVerticle auditor;
  private final SigningKeys keys;
  private final JwtVerticle keyKeeper;
  private final TokenVerifier tokens;
  private final RedisLanes lanes;
  private final SharedState state;
  private final RedisRateLimiter limiter;
  private final RateLimitVerticle limitKeeper;
  private final WafLogVerticle firewall;
  private final ServiceBus services;
  private final Certificates certificates;
  private final GatewayParts gateway;
  private final Readiness readiness;
  private final ManagementVerticle management;
  private final CopyOnWriteArrayList<GatewayVerticle> doors = new CopyOnWriteArrayList<>();
  private final CopyOnWriteArrayList<GatewayVerticle> innerDoors = new CopyOnWriteArrayList<>();
  private final Deque<Deployed> deployed = new ArrayDeque<>();

  private Portcullis(PortcullisConfig config, Clock clock) {
    this.config = config;
    meters = Metrics.registry();
    vertx = NodeVertx.of(meters, instances(config));

    platform = new PlatformDatabase(vertx, config.postgres());
    tenants = new TenantSession(vertx, config.postgres(), meters);

    trail = new AuditTrail(vertx, config.audit(), meters);
    ChainAdapter chain = new ChainAdapter(platform);
    auditor = new AuditVerticle(trail, config.node(), config.audit(), chain, clock);
    AuditEvents events = new AuditEvents(clock);

    registrar = new TenantVerticle(config.postgres(), platform, clock);
    registry = registrar.registry();

    state = new SharedState(vertx, config, meters, clock);
    keys = new SigningKeys(config.identity(), clock);
    keyKeeper = new JwtVerticle(config.identity(), keys, meters);
    tokens =
        new TokenVerifier(
            config.identity(),
            keys,
            registry::byOrganization,
            state.revocations()::revoked,
            meters,
            clock);

    lanes = new RedisLanes(vertx, config.redis(), lanePolicy(config), meters);
    limiter = new RedisRateLimiter(lanes, config.limits(), meters);
    limitKeeper = new RateLimitVerticle(lanes, limiter, new LimiterTrail(trail, events), meters);
    firewall = new WafLogVerticle(config.waf(), new FirewallTrail(trail, events), meters, clock);
    services = new ServiceBus(vertx, clock);
    certificates = new Certificates(config.tls(), config.node().environment());
    LoginParts people =
        new LoginParts(
            vertx, config, keys, tokens, state, registry::loaded, trail::record, meters, clock);
    Optional<BrowserLogin> login = people.login();
    gateway = gatewayParts(login, clock);
    readiness =
        new Readiness(
            vertx,
            Dependencies.of(keys, lanes, limitKeeper, state, registry, auditor, certificates));
    management =
        new ManagementVerticle(
            config.management(),
            readiness,
            meters,
            Administration.of(
                config,
                tokens,
                trail,
                chain,
                state.revocations(),
                people.admin(login),
                registry,
                clock));
  }

  /** From what the constructor has built so far. */
  private GatewayParts gatewayParts(Optional<BrowserLogin> login, Clock clock) {
    return GatewayParts.of(
        config.http(),
        config.internal(),
        certificates,
        config.upstreams(),
        config.routes(),
        tokens,
        login,
        state.proofs(config.identity().dpop(), meters, clock),
        state.revocations()::covers,
        state.revocations()::onChange,
        LocalRateLimiter.ofFailedAuthentications(config.limits()),
        limiter,
        limiter.headers().policy(),
        trail::record,
        registry::loaded,
        services,
        meters,
        // Each loop's connection to Redis is made before its first request needs it.
        lanes::lane,
        clock);
  }

  /** Starts a node; when that fails, everything that had started is stopped again. */
  public static Future<Portcullis> start(PortcullisConfig config) {
    long begin = System.nanoTime();
    Portcullis node = new Portcullis(config, Clock.systemUTC());
    // Of no event loop: when the start fails they all end, and this must still be told.
    Promise<Portcullis> started = Promise.promise();
    node.deploy()
        .onComplete(
            deployed -> {
              if (deployed.failed()) {
                node.stop().onComplete(stopped -> started.fail(deployed.cause()));
              } else if (node.deployed.isEmpty()) {
                started.fail("the node stopped while it started");
              } else {
                node.readiness.started();
                log.atInfo()
                    .addKeyValue("event.action", "node.started")
                    .addKeyValue("event.duration", System.nanoTime() - begin)
                    .addKeyValue("server.port", node.httpPort())
                    .log("the node serves");
                started.complete(node);
              }
            });
    return started.future();
  }

  private Future<Void> deploy() {
    int instances = instances(config);
    return deploy("management", () -> management, ThreadingModel.EVENT_LOOP, 1)
        // Before anything that would listen or call with them.
        .compose(done -> loadCertificates())
        .compose(
            // The trail before everything that writes to it, so that it also ends after them.
            done -> deploy("audit", () -> auditor, ThreadingModel.VIRTUAL_THREAD, 1))
        .compose(done -> state.start())
        .compose(
            done ->
                Future.all(
                    deploy("tenant", () -> registrar, ThreadingModel.VIRTUAL_THREAD, 1),
                    deploy("identity", () -> keyKeeper, ThreadingModel.EVENT_LOOP, 1),
                    deploy("revocation", state::keeper, ThreadingModel.EVENT_LOOP, 1),
                    deploy("limit", () -> limitKeeper, ThreadingModel.EVENT_LOOP, 1),
                    deploy("waf", () -> firewall, ThreadingModel.VIRTUAL_THREAD, 1)))
        .compose(
            done ->
                deploy(
                    "chat",
                    () ->
                        new ConversationVerticle(
                            services, tenants, trail::record, Clock.systemUTC()),
                    ThreadingModel.EVENT_LOOP,
                    instances))
        .compose(done -> deploy("gateway", this::door, ThreadingModel.EVENT_LOOP, instances))
        .compose(
            done ->
                config.internalListener()
                    ? deploy("internal", this::innerDoor, ThreadingModel.EVENT_LOOP, instances)
                    : Future.succeededFuture());
  }

  private Future<Void> loadCertificates() {
    return config.tls().on()
        ? deploy(
            "certificates",
            () -> new CertificateVerticle(config.tls(), certificates, meters, Clock.systemUTC()),
            ThreadingModel.EVENT_LOOP,
            1)
        : Future.succeededFuture();
  }

  private GatewayVerticle door() {
    GatewayVerticle door = new GatewayVerticle(gateway);
    doors.add(door);
    return door;
  }

  private GatewayVerticle innerDoor() {
    GatewayVerticle door = GatewayVerticle.internal(gateway);
    innerDoors.add(door);
    return door;
  }

  private Future<Void> deploy(
      String name, Supplier<? extends Deployable> verticle, ThreadingModel model, int instances) {
    DeploymentOptions options =
        new DeploymentOptions().setThreadingModel(model).setInstances(instances);
    return vertx
        .deployVerticle(verticle, options)
        .map(
            id -> {
              synchronized (deployed) {
                deployed.push(new Deployed(name, id));
              }
              return null;
            });
  }

  /**
   * Stops in order: not ready, no new requests, those in flight finished, services, then the trail,
   * which records the end, then the clients.
   */
  public Future<Void> stop() {
    readiness.draining();
    // Closing Vert.x ends the event loops, and a future that belongs to one would never complete
    // after that.
    Promise<Void> stopped = Promise.promise();
    undeployNext()
        .eventually(tenants::close)
        .eventually(platform::close)
        .eventually(lanes::close)
        .eventually(state::close)
        .onComplete(
            clients ->
                vertx
                    .close()
                    .onComplete(
                        closed -> {
                          meters.close();
                          stopped.handle(closed);
                        }));
    return stopped.future();
  }

  private Future<Void> undeployNext() {
    Deployed next;
    synchronized (deployed) {
      next = deployed.poll();
    }
    if (next == null) {
      return Future.succeededFuture();
    }
    return vertx
        .undeploy(next.id())
        .onComplete(
            result ->
                log.atDebug()
                    .addKeyValue("event.action", "verticle.stopped")
                    .addKeyValue("portcullis.verticle", next.name())
                    .log("stopped"))
        .otherwiseEmpty()
        .compose(done -> undeployNext());
  }

  /** The port of the public listener. */
  public int httpPort() {
    return doors.isEmpty() ? 0 : doors.getFirst().port();
  }

  /** The port of the internal listener; 0 when it is not open. */
  public int internalPort() {
    return innerDoors.isEmpty() ? 0 : innerDoors.getFirst().port();
  }

  /** The port of the management listener. */
  public int managementPort() {
    return management.port();
  }

  /** A deployment and what it is called in logs. */
  private record Deployed(String name, String id) {}

  private static LanePolicy lanePolicy(PortcullisConfig config) {
    return new LanePolicy(
        config.limits().breakerFailures(),
        config.limits().breakerPause(),
        config.limits().deadline());
  }

  private static int instances(PortcullisConfig config) {
    int configured = config.http().instances();
    return configured > 0 ? configured : Runtime.getRuntime().availableProcessors();
  }
}
