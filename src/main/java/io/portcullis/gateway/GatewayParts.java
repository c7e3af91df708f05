package io.portcullis.gateway;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.audit.AuditEvents;
import io.portcullis.config.HttpConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.UpstreamConfig;
import io.portcullis.identity.TokenVerifier;
import io.portcullis.limit.RateLimiter;
import io.portcullis.model.AuditEvent;
import io.portcullis.service.ServiceBus;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What every gateway instance shares: built once by the floor plan, immutable or thread-safe.
 *
 * @param http the listener's configuration
 * @param upstreams the services that routes may forward to
 * @param routes the routes
 * @param tokens proves credentials
 * @param failedAuthentications counts refused credentials per client address, on this node alone
 * @param authorizer decides
 * @param limiter the limits of admitted callers
 * @param limitPolicy the value of {@code RateLimit-Policy}
 * @param events the audit trail as the gateway uses it
 * @param local operations without a service
 * @param services the services on the event bus
 * @param metrics of answered requests
 * @param inFlight requests in flight on all instances
 * @param warmUp run once on the event loop of each instance before it listens
 * @param clock of deadlines
 */
public record GatewayParts(
    HttpConfig http,
    List<UpstreamConfig> upstreams,
    RouteTable routes,
    TokenVerifier tokens,
    RateLimiter failedAuthentications,
    Authorizer authorizer,
    RateLimiter limiter,
    String limitPolicy,
    SecurityEvents events,
    LocalOperations local,
    ServiceBus services,
    GatewayMetrics metrics,
    AtomicInteger inFlight,
    Runnable warmUp,
    Clock clock) {

  /** Puts the parts together. */
  public static GatewayParts of(
      HttpConfig http,
      List<UpstreamConfig> upstreams,
      List<RouteConfig> routeConfigs,
      TokenVerifier tokens,
      RateLimiter failedAuthentications,
      RateLimiter limiter,
      String limitPolicy,
      Function<AuditEvent, Future<Void>> audit,
      BooleanSupplier registryLoaded,
      ServiceBus services,
      MeterRegistry registry,
      Runnable warmUp,
      Clock clock) {
    RouteTable routes = new RouteTable(routeConfigs);
    AtomicInteger inFlight = registry.gauge("portcullis.requests.in.flight", new AtomicInteger());
    return new GatewayParts(
        http,
        upstreams,
        routes,
        tokens,
        failedAuthentications,
        new Authorizer(http.tenantHosts(), registryLoaded),
        limiter,
        limitPolicy,
        new SecurityEvents(audit, new AuditEvents(clock)),
        new LocalOperations(),
        services,
        new GatewayMetrics(registry, routes),
        java.util.Objects.requireNonNull(inFlight),
        warmUp,
        clock);
  }
}
