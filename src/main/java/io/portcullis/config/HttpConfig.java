package io.portcullis.config;

import java.time.Duration;
import java.util.List;

/**
 * The public listener.
 *
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 * @param instances event-loop instances of the gateway; 0 means one per core
 * @param maxHeaderBytes all request headers together
 * @param maxTargetBytes the request line
 * @param maxBodyBytes the default limit of a request body; a route may set its own
 * @param maxConnections per instance; further ones are closed
 * @param maxInFlight requests in flight per instance; further ones are shed with 503
 * @param idleTimeout an idle connection is closed after this
 * @param headerTimeout a request that is not complete after this is closed
 * @param requestTimeout a request is answered by then, whatever happens
 * @param drainTimeout how long a stopping node waits for requests in flight
 * @param trustedProxies addresses (CIDR) whose {@code X-Request-Id} and {@code X-Forwarded-For} are
 *     believed
 * @param tenantHosts host suffix such that {@code <tenant><suffix>} names a tenant; empty switches
 *     it off
 */
public record HttpConfig(
    String host,
    int port,
    int instances,
    int maxHeaderBytes,
    int maxTargetBytes,
    long maxBodyBytes,
    int maxConnections,
    int maxInFlight,
    Duration idleTimeout,
    Duration headerTimeout,
    Duration requestTimeout,
    Duration drainTimeout,
    List<String> trustedProxies,
    String tenantHosts) {}
