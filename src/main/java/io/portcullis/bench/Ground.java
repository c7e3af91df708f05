package io.portcullis.bench;

import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.local.DemoData;
import io.portcullis.local.LocalSettings;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.Part;
import io.portcullis.local.Ports;
import io.portcullis.local.Progress;
import io.portcullis.tenant.OrganizationDirectory;
import io.portcullis.tenant.PlatformBootstrap;
import io.portcullis.tenant.TenantLifecycle;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the node stands on: PostgreSQL, Redis, Keycloak, and the demo tenants in them. */
final class Ground {
  private final Path home;
  private final LocalSystem system;

  private Ground(Path home, LocalSystem system) {
    this.home = home;
    this.system = system;
  }

  /**
   * Starts the parts on free ports.
   *
   * @param folder keeps their data, so that a second run starts sooner
   */
  static Ground start(Path home, Path folder, Workbench bench) {
    LocalSettings settings =
        LocalSettings.of(home, folder.resolve("system"), Ports.EPHEMERAL)
            .withProgress(progress(bench));
    LocalSystem system = bench.keep(LocalSystem.open(settings));
    system.startParts();
    Ground ground = new Ground(home, system);
    ground.prepare();
    bench.say("the tenants are there");
    return ground;
  }

  /** Roles, schemas and tenants; does only what is missing. */
  private void prepare() {
    PortcullisConfig config = ConfigLoader.load(configuration(), system.environment());
    LocalSystem.Superuser superuser = system.superuser();
    PlatformBootstrap.run(
        "jdbc:postgresql://%s:%d/%s"
            .formatted(superuser.host(), superuser.port(), superuser.database()),
        superuser.user(),
        superuser.password(),
        config.postgres());
    var tenants = new TenantLifecycle(config.postgres(), (tenant, requestId) -> {});
    try (var organizations = new OrganizationDirectory(config.keycloak())) {
      for (String name : DemoData.TENANTS.keySet()) {
        tenants.create(name, organizations.ensure(name), "bench");
      }
    }
    DemoData.join(system.admin());
  }

  /** What the node under test reads. */
  Path configuration() {
    return home.resolve("bench/portcullis.yaml");
  }

  private static Progress progress(Workbench bench) {
    return new Progress() {
      @Override
      public void working(String name, String state) {
        bench.say("%s: %s", name, state);
      }

      @Override
      public void ready(String name, long took, String where) {
        bench.say("%s: ready at %s", name, where);
      }
    };
  }

  String issuer() {
    return system.issuer();
  }

  String aliceToken() {
    return system.token("alice", "alice", "");
  }

  String bobToken() {
    return system.token("bob", "bob", "");
  }

  long redisPid() {
    return system.process(Part.REDIS).pid();
  }

  RedisCalls redisCalls() {
    Map<String, String> node = system.environment();
    return new RedisCalls(
        system.ports().redis(),
        node.getOrDefault("PORTCULLIS_REDIS_USERNAME", "default"),
        node.getOrDefault("PORTCULLIS_REDIS_PASSWORD", ""));
  }

  /** What the node is told; a copy to add to. */
  Map<String, String> nodeEnvironment() {
    return new HashMap<>(system.environment());
  }

  /** The program, with the flags that the launcher gave this one. */
  List<String> nodeCommand() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-jar", home.resolve("target/portcullis.jar").toString()));
    return command;
  }
}
