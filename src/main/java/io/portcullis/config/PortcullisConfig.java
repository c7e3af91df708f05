package io.portcullis.config;

import java.util.List;

/** The whole configuration of a node. */
public record PortcullisConfig(
    NodeConfig node,
    LogConfig log,
    HttpConfig http,
    ManagementConfig management,
    IdentityConfig identity,
    KeycloakConfig keycloak,
    RedisConfig redis,
    LimitConfig limits,
    PostgresConfig postgres,
    AuditConfig audit,
    List<UpstreamConfig> upstreams,
    List<RouteConfig> routes) {}
