package io.portcullis.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.audit.AuditEvents;
import io.portcullis.config.HttpConfig;
import io.portcullis.config.InternalConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.UpstreamConfig;
import io.portcullis.identity.DpopVerifier;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.LocalRateLimiter;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.Caller;
import io.portcullis.service.ServiceBus;
import io.portcullis.session.BrowserLogin;
import io.portcullis.session.Session;
import io.portcullis.session.Sessions;
import io.portcullis.tls.Certificates;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What every gateway instance shares: built once by the floor plan, immutable or thread-safe.
 *
 * @param http the public listener's configuration; its bounds hold for the internal one too
 * @param upstreams the services that routes may forward to
 * @param outer the public listener
 * @param inner the internal listener
 * @param certificates of this node
 * @param peerRefusals connections refused for their certificate
 * @param tokens proves access tokens
 * @param login people with a browser; empty where nobody can log in
 * @param holders proves the holders of access tokens
 * @param challenges what a 401 asks for
 * @param revoked whether the access of a caller that was proved has been taken back since
 * @param onRevocation calls whenever access was taken back, on any thread; gives what stops that
 * @param cors which pages of other origins may use the public listener
 * @param preflights counts preflights per client address, on this node alone
 * @param failedAuthentications counts refused credentials per client address, on this node alone
 * @param authorizer decides
 * @param limiter the limits of admitted callers
 * @param limitPolicy the value of {@code RateLimit-Policy}
 * @param events the audit trail as the gateway uses it
 * @param loginEvents the same for logins
 * @param local operations without a service
 * @param services the services on the event bus
 * @param inFlight requests in flight on all instances
 * @param warmUp run once on the event loop of each instance before it listens
 * @param clock of deadlines
 */
public record GatewayParts(
    HttpConfig http,
    List<UpstreamConfig> upstreams,
    Door outer,
    Door inner,
    Certificates certificates,
    PeerRefusals peerRefusals,
    TokenVerifier tokens,
    Optional<BrowserLogin> login,
    Holders holders,
    Challenges challenges,
    Predicate<Caller> revoked,
    Function<Runnable, Runnable> onRevocation,
    Cors cors,
    RateLimiter preflights,
    RateLimiter failedAuthentications,
    Authorizer authorizer,
    RateLimiter limiter,
    String limitPolicy,
    SecurityEvents events,
    LoginEvents loginEvents,
    LocalOperations local,
    ServiceBus services,
    AtomicInteger inFlight,
    Runnable warmUp,
    Clock clock) {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Addresses whose preflights are remembered at most. */
  private static final int ADDRESSES = 20_000;

  /** Pages of other origins use the public listener alone. */
  Cors cors(Door door) {
    return door.internal() ? Cors.OFF : cors;
  }

  /** Calls with each session that ends, on any thread; gives what stops that. */
  Runnable onSessionEnd(Consumer<String> listener) {
    return login.map(browser -> browser.sessions().onEnd(listener)).orElse(() -> {});
  }

  /** The session of a cookie, with a token that is not over; see {@link Sessions#recheck}. */
  Future<Session> recheck(String cookie) {
    return login.orElseThrow().sessions().recheck(cookie);
  }

  /** Puts the parts together. */
  public static GatewayParts of(
      HttpConfig http,
      InternalConfig internal,
      Certificates certificates,
      List<UpstreamConfig> upstreams,
      List<RouteConfig> routes,
      TokenVerifier tokens,
      Optional<BrowserLogin> login,
      DpopVerifier dpop,
      Predicate<Caller> revoked,
      Function<Runnable, Runnable> onRevocation,
      RateLimiter failedAuthentications,
      RateLimiter limiter,
      String limitPolicy,
      Function<AuditEvent, Future<Void>> audit,
      BooleanSupplier registryLoaded,
      ServiceBus services,
      MeterRegistry registry,
      Runnable warmUp,
      Clock clock) {
    Function<RouteTable, GatewayMetrics> metrics = table -> new GatewayMetrics(registry, table);
    AuditEvents events = new AuditEvents(clock);
    AtomicInteger inFlight = registry.gauge("portcullis.requests.in.flight", new AtomicInteger());
    Holders holders = Holders.of(tokens, dpop, http);
    return new GatewayParts(
        http,
        upstreams,
        Door.outer(http, routes, metrics),
        Door.inner(internal, routes, metrics),
        certificates,
        new PeerRefusals(audit, events, registry, System::nanoTime),
        tokens,
        login,
        holders,
        holders.challenges(),
        revoked,
        onRevocation,
        new Cors(http.cors()),
        LocalRateLimiter.ofAddresses("preflight", http.cors().maxPreflights(), MINUTE, ADDRESSES),
        failedAuthentications,
        new Authorizer(http.tenantHosts(), registryLoaded),
        limiter,
        limitPolicy,
        new SecurityEvents(audit, events),
        new LoginEvents(audit, events, registry),
        new LocalOperations(),
        services,
        java.util.Objects.requireNonNull(inFlight),
        warmUp,
        clock);
  }
}
