package io.portcullis.config;

import java.util.List;

/** The whole configuration of a node. */
public record PortcullisConfig(
    NodeConfig node,
    LogConfig log,
    TlsConfig tls,
    HttpConfig http,
    InternalConfig internal,
    ManagementConfig management,
    IdentityConfig identity,
    KeycloakConfig keycloak,
    RedisConfig redis,
    RedisConfig state,
    RevocationConfig revocation,
    LimitConfig limits,
    PostgresConfig postgres,
    AuditConfig audit,
    WafConfig waf,
    SessionConfig sessions,
    LoginConfig login,
    List<UpstreamConfig> upstreams,
    List<RouteConfig> routes) {

  static PortcullisConfig read(Section root) {
    PortcullisConfig config =
        new PortcullisConfig(
            root.section("node", NodeConfig::read),
            root.section("log", LogConfig::read),
            root.section("tls", TlsConfig::read),
            root.section("http", HttpConfig::read),
            root.section("internal", InternalConfig::read),
            root.section("management", ManagementConfig::read),
            root.section("identity", IdentityConfig::read),
            root.section("keycloak", KeycloakConfig::read),
            root.section("redis", RedisConfig::read),
            root.section("state", RedisConfig::read),
            root.section("revocation", RevocationConfig::read),
            root.section("limits", LimitConfig::read),
            root.section("postgres", PostgresConfig::read),
            root.section("audit", AuditConfig::read),
            root.section("waf", WafConfig::read),
            root.section("sessions", SessionConfig::read),
            root.section("login", LoginConfig::read),
            root.named("upstreams", UpstreamConfig::read),
            root.items("routes", RouteConfig::read));
    Agreement.check(root, config);
    return config;
  }

  /** Whether services have a listener of their own. */
  public boolean internalListener() {
    return tls.on() && !internal.clients().isEmpty();
  }
}
