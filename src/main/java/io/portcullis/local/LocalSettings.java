package io.portcullis.local;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a {@link LocalSystem} is made of.
 *
 * @param directory everything that this system keeps: data, secrets, logs
 * @param cache what can be made again from the build: prepared programs, shared by all systems
 * @param keycloak the unpacked Keycloak distribution, or the folder that it is in
 * @param realm the files of the realm, each laid over those before it
 * @param variables what fills their placeholders besides what the system itself knows
 * @param ports where the parts listen
 * @param fresh whether to discard what the directory holds
 * @param progress hears how the start goes
 */
public record LocalSettings(
    Path directory,
    Path cache,
    Path keycloak,
    List<Path> realm,
    Map<String, String> variables,
    Ports ports,
    boolean fresh,
    Progress progress) {

  /**
   * The usual places.
   *
   * @param home the root of the repository, built
   * @param directory everything that the system keeps
   */
  public static LocalSettings of(Path home, Path directory, Ports ports) {
    Path root = home.toAbsolutePath().normalize();
    return new LocalSettings(
        directory.toAbsolutePath().normalize(),
        root.resolve("target/local"),
        root.resolve("target/keycloak"),
        LocalRealm.files(root, true, Map.of()),
        Map.of(),
        ports,
        false,
        Progress.SILENT);
  }

  /** The same, discarding what was kept. */
  public LocalSettings withFresh(boolean discard) {
    return new LocalSettings(
        directory, cache, keycloak, realm, variables, ports, discard, progress);
  }

  /** The same, told to somebody. */
  public LocalSettings withProgress(Progress listener) {
    return new LocalSettings(directory, cache, keycloak, realm, variables, ports, fresh, listener);
  }

  /**
   * The same with mail and a directory of users, if the environment says that there are any.
   *
   * @param home the root of the repository
   */
  public LocalSettings withEnvironment(Path home, Map<String, String> environment) {
    Map<String, String> found = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("PORTCULLIS_SMTP_") || name.startsWith("PORTCULLIS_LDAP_")) {
            found.put(name, value);
          }
        });
    return new LocalSettings(
        directory,
        cache,
        keycloak,
        LocalRealm.files(home.toAbsolutePath().normalize(), true, found),
        found,
        ports,
        fresh,
        progress);
  }

  LocalSettings withPorts(Ports resolved) {
    return new LocalSettings(
        directory, cache, keycloak, realm, variables, resolved, fresh, progress);
  }

  Path logs() {
    return directory.resolve("logs");
  }

  Path run() {
    return directory.resolve("run");
  }
}
