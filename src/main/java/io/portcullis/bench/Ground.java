package io.portcullis.bench;

import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.local.DemoData;
import io.portcullis.local.LocalSettings;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.Part;
import io.portcullis.local.Ports;
import io.portcullis.local.Progress;
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
  private final Map<String, String> environment;

  private Ground(Path home, LocalSystem system, Map<String, String> settings) {
    this.home = home;
    this.system = system;
    this.environment = new HashMap<>(system.environment());
    this.environment.putAll(settings);
  }

  /**
   * Starts the parts on free ports.
   *
   * @param folder keeps their data, so that a second run starts sooner
   * @param settings what else the node is told, as variables of its configuration
   */
  static Ground start(Path home, Path folder, Map<String, String> settings, Workbench bench) {
    LocalSettings parts =
        LocalSettings.of(home, folder.resolve("system"), Ports.EPHEMERAL)
            .withProgress(progress(bench));
    LocalSystem system = bench.keep(LocalSystem.open(parts));
    system.startParts();
    Ground ground = new Ground(home, system, settings);
    ground.prepare();
    bench.say("the tenants are there");
    return ground;
  }

  /** Roles, schemas and tenants; does only what is missing. */
  private void prepare() {
    PortcullisConfig config = ConfigLoader.load(configuration(), environment);
    LocalSystem.Superuser superuser = system.superuser();
    PlatformBootstrap.run(
        superuser.jdbcUrl(), superuser.user(), superuser.password(), config.postgres());
    var tenants = new TenantLifecycle(config.postgres(), (tenant, requestId) -> {});
    DemoData.join(system.admin()).forEach((name, id) -> tenants.create(name, id, "bench"));
  }

  /** What the node under test reads. */
  Path configuration() {
    return home.resolve("bench/portcullis.yaml");
  }

  private static Progress progress(Workbench bench) {
    return new Progress() {
      @Override
      public void working(String name, String state) {
        bench.say("%s: %s".formatted(name, state));
      }

      @Override
      public void ready(String name, long took, String where) {
        bench.say("%s: ready at %s".formatted(name, where));
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
    return new RedisCalls(
        system.ports().redis(),
        environment.getOrDefault("PORTCULLIS_REDIS_USERNAME", "default"),
        environment.getOrDefault("PORTCULLIS_REDIS_PASSWORD", ""));
  }

  /** What the node is told. */
  Map<String, String> nodeEnvironment() {
    return environment;
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
