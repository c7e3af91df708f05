package io.portcullis.bench;

import io.portcullis.local.LocalSettings;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.Part;
import io.portcullis.local.Ports;
import io.portcullis.local.Progress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the node stands on: PostgreSQL, Redis, Keycloak, and the demo tenants in them. */
final class Ground {
  private final LocalSystem system;

  private Ground(LocalSystem system) {
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
    return new Ground(system);
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

  List<String> nodeCommand() {
    return List.of();
  }
}
