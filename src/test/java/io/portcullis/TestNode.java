package io.portcullis;

import io.portcullis.config.ConfigLoader;
import io.portcullis.config.KeycloakConfig;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.local.DemoData;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.tenant.OrganizationDirectory;
import io.portcullis.tenant.PlatformBootstrap;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A whole node in this JVM on the shared real parts: PostgreSQL, Redis and Keycloak, with the
 * tenants acme and globex.
 */
final class TestNode implements AutoCloseable {
  private static boolean prepared;

  final Portcullis node;
  final PortcullisConfig config;
  final LocalSystem system;

  private TestNode(Portcullis node, PortcullisConfig config, LocalSystem system) {
    this.node = node;
    this.config = config;
    this.system = system;
  }

  /** Starts a node of that name; settings are pairs of a variable's name and value. */
  static TestNode start(String name, String... settings) {
    return start(Path.of("conf/portcullis.yaml"), name, settings);
  }

  /** The same from another configuration file. */
  static TestNode start(Path file, String name, String... settings) {
    LocalSystem system = TestSystem.shared();
    PortcullisConfig config = ConfigLoader.load(file, environment(system, name, settings));
    prepare(system, config);
    Portcullis node = Await.value(Portcullis.start(config), Duration.ofSeconds(60));
    TestNode started = new TestNode(node, config, system);
    started.awaitReady(report -> "up".equals(report.getString("status")), Duration.ofSeconds(30));
    return started;
  }

  /** The configuration of a node on the shared parts. */
  static PortcullisConfig config(LocalSystem system, String name, String... settings) {
    return ConfigLoader.load(Path.of("conf/portcullis.yaml"), environment(system, name, settings));
  }

  /** The variables that point a node to the shared parts. */
  static Map<String, String> environment(LocalSystem system, String name, String... settings) {
    Map<String, String> environment = new HashMap<>(system.environment());
    environment.put("PORTCULLIS_NODE_NAME", name);
    environment.put("PORTCULLIS_NODE_STATE", system.directory().resolve("node-" + name).toString());
    environment.put("PORTCULLIS_HTTP_PORT", "0");
    environment.put("PORTCULLIS_MANAGEMENT_PORT", "0");
    environment.put("PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_ISSUER", system.issuer());
    environment.put(
        "PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_JWKS",
        system.issuer() + "/protocol/openid-connect/certs");
    environment.put("PORTCULLIS_IDENTITY_LEEWAY", "1s");
    environment.put("PORTCULLIS_IDENTITY_REFRESH_FLOOR", "1s");
    for (int i = 0; i < settings.length; i += 2) {
      environment.put("PORTCULLIS_" + settings[i], settings[i + 1]);
    }
    return environment;
  }

  /** The database, the tenants and their members, once. */
  static synchronized void prepare(LocalSystem system, PortcullisConfig config) {
    if (prepared) {
      return;
    }
    LocalSystem.Superuser superuser = system.superuser();
    PlatformBootstrap.run(
        jdbcUrl(system), superuser.user(), superuser.password(), config.postgres());
    TenantLifecycle lifecycle = new TenantLifecycle(config.postgres(), (tenant, request) -> {});
    lifecycle.migratePlatform();
    KeycloakConfig keycloak = config.keycloak();
    try (OrganizationDirectory organizations = new OrganizationDirectory(keycloak)) {
      for (String tenant : DemoData.TENANTS.keySet()) {
        lifecycle.create(tenant, organizations.ensure(tenant), "test");
      }
    }
    DemoData.join(system.admin());
    prepared = true;
  }

  static String jdbcUrl(LocalSystem system) {
    LocalSystem.Superuser superuser = system.superuser();
    return "jdbc:postgresql://"
        + superuser.host()
        + ":"
        + superuser.port()
        + "/"
        + superuser.database();
  }

  /** The database as its superuser. */
  static Connection superuser(LocalSystem system) throws SQLException {
    LocalSystem.Superuser superuser = system.superuser();
    return DriverManager.getConnection(jdbcUrl(system), superuser.user(), superuser.password());
  }

  /** The API as a demo user. */
  Api as(String user) {
    return anonymous().as(token(user));
  }

  /** The API without a credential. */
  Api anonymous() {
    return new Api(URI.create("http://127.0.0.1:" + node.httpPort()), Optional.empty());
  }

  String token(String user) {
    return system.token(user, user, "");
  }

  /** The readiness report. */
  JsonObject ready() {
    return management("/health/ready").json();
  }

  Api.Answer management(String path) {
    return new Api(URI.create("http://127.0.0.1:" + node.managementPort()), Optional.empty())
        .get(path);
  }

  /** Waits until the readiness report is as wanted. */
  void awaitReady(Predicate<JsonObject> wanted, Duration limit) {
    Await.until(() -> wanted.test(ready()), limit, () -> "readiness stayed " + ready().encode());
  }

  /** The mode of a dependency in the readiness report. */
  static String mode(JsonObject report, String dependency) {
    return report.getJsonObject("dependencies").getJsonObject(dependency).getString("mode");
  }

  @Override
  public void close() {
    Await.value(node.stop(), Duration.ofSeconds(60));
  }
}
