package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A Keycloak distribution made ready once: copied and optimised ({@code kc build}), so that later
 * starts skip that. Instances share it and have only their own data.
 *
 * @param distribution as unpacked by the build; never changed
 * @param optimised the prepared copy
 */
record KeycloakHome(Path distribution, Path optimised) {
  private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);

  /** Finds the distribution and names the prepared copy in the cache. */
  static KeycloakHome find(Path distributions, Path cache) {
    if (Files.isRegularFile(distributions.resolve("lib/quarkus-run.jar"))) {
      return new KeycloakHome(distributions, cache.resolve(distributions.getFileName()));
    }
    try (Stream<Path> folders = Files.list(distributions)) {
      Path found =
          folders
              .filter(folder -> Files.isRegularFile(folder.resolve("lib/quarkus-run.jar")))
              .max(java.util.Comparator.comparing(Path::getFileName))
              .orElseThrow(() -> missing(distributions));
      return new KeycloakHome(found, cache.resolve(found.getFileName()));
    } catch (IOException e) {
      throw missing(distributions);
    }
  }

  String version() {
    return String.valueOf(distribution.getFileName()).replace("keycloak-", "");
  }

  boolean prepared() {
    return Files.isDirectory(optimised);
  }

  void prepare(LogFile log) {
    try {
      Folders.build(
          optimised,
          draft -> {
            Folders.copy(distribution, draft);
            List<String> build = List.of("build", "--db=dev-file", "--cache=local");
            Executables.run(Part.KEYCLOAK, "optimisation", process(draft, build), log, BUILD_LIMIT);
          });
    } catch (IOException e) {
      throw new LocalFailure("Keycloak cannot be prepared: " + e.getMessage(), e);
    }
  }

  /**
   * A home of links to the prepared copy, with a data folder of its own.
   *
   * @param instance the folder to make
   */
  void link(Path instance) throws IOException {
    Files.createDirectories(instance.resolve("data/import"));
    for (String name : List.of("lib", "conf", "providers", "themes")) {
      Path link = instance.resolve(name);
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, optimised.toAbsolutePath().resolve(name));
    }
  }

  /**
   * Keycloak's launch script without the script, so that the process is Keycloak itself and signals
   * reach it. A small heap and the quick compiler: it serves one developer.
   */
  static ProcessBuilder process(Path home, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xms128m",
            "-Xmx512m",
            "-XX:MaxMetaspaceSize=256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dfile.encoding=UTF-8",
            "-Duser.language=en",
            "-Duser.country=US",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
                + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
            "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
            "-Dpicocli.disable.closures=true",
            "-Dquarkus-log-max-startup-records=10000",
            "-Dkc.home.dir=" + home,
            "-Djboss.server.config.dir=" + home.resolve("conf"),
            "-cp",
            home.resolve("lib/quarkus-run.jar").toString(),
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint"));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("KC_") || name.startsWith("QUARKUS_"));
    return builder;
  }

  private static LocalFailure missing(Path distributions) {
    return LocalFailure.missing(
        "There is no Keycloak in " + distributions + "; the build (mvn package) puts it there");
  }
}
