package io.portcullis.local;

import io.portcullis.realm.RealmData;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Real PostgreSQL, Redis and Keycloak for the tests, on free ports. Keycloak's first start costs
 * half a minute, so its result (the seed) is kept in {@code target/local} and each system begins as
 * a copy of it.
 */
public final class TestSystem {
  private static final Path HOME = Path.of("").toAbsolutePath();
  private static final Map<String, LocalSystem> SHARED = new HashMap<>();

  private TestSystem() {}

  /**
   * The one system of this test JVM: the demo users are in their organizations. Started on first
   * use, stopped with the JVM. Leave it as you found it: restart what you stop, name what you
   * create uniquely.
   */
  public static synchronized LocalSystem shared() {
    return SHARED.computeIfAbsent(
        "shared",
        key -> {
          LocalSettings settings = settings(scratch("system"));
          // Before Keycloak starts, so that it trusts what an edge of this system shows it.
          LocalCertificates.open(
                  settings.directory().resolve("certs"),
                  settings.directory().resolve("secrets"),
                  "development",
                  URI.create("http://localhost:8088/crl.pem"))
              .close();
          LocalSystem system = LocalSystem.start(settings);
          Runtime.getRuntime().addShutdownHook(new Thread(system::close));
          DemoData.join(system.admin());
          return system;
        });
  }

  /** A system of a test's own in that folder, on free ports; not started. */
  public static LocalSettings settings(Path directory) {
    try {
      if (!Files.exists(directory.resolve("keycloak"))) {
        Folders.copy(seed(), directory);
      }
      return plain(directory, Ports.EPHEMERAL);
    } catch (IOException e) {
      throw new LocalFailure("no seed", e);
    }
  }

  /** An empty folder under {@code target}. */
  public static Path scratch(String name) {
    try {
      Path folder =
          HOME.resolve("target/scratch").resolve(name + "-" + ProcessHandle.current().pid());
      Folders.delete(folder);
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new LocalFailure("no scratch folder", e);
    }
  }

  static LocalSettings plain(Path directory, Ports ports) {
    return LocalSettings.of(HOME, directory, ports);
  }

  private static Path seed() throws IOException {
    String realm = RealmData.digest(LocalRealm.files(HOME, true, Map.of()));
    Path seed = HOME.resolve("target/local/seed-" + realm.substring(0, 12));
    Folders.build(
        seed,
        draft -> {
          try (LocalSystem system = LocalSystem.start(plain(draft, Ports.EPHEMERAL))) {
            system.keepRealm(drift -> {});
          }
          for (String gone : List.of("logs", "run")) {
            Folders.delete(draft.resolve(gone));
          }
        });
    return seed;
  }
}
