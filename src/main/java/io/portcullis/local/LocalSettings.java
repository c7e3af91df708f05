package io.portcullis.local;

import java.nio.file.Path;

/**
 * What a {@link LocalSystem} is made of.
 *
 * @param directory everything that this system keeps: data, secrets, logs
 * @param cache what can be made again from the build: prepared programs, shared by all systems
 * @param keycloak the unpacked Keycloak distribution, or the folder that it is in
 * @param realm the realm to import
 * @param ports where the parts listen
 * @param fresh whether to discard what the directory holds
 * @param progress hears how the start goes
 */
public record LocalSettings(
    Path directory,
    Path cache,
    Path keycloak,
    Path realm,
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
        root.resolve("docker/keycloak/portcullis-realm.json"),
        ports,
        false,
        Progress.SILENT);
  }

  /** The same, discarding what was kept. */
  public LocalSettings withFresh(boolean discard) {
    return new LocalSettings(directory, cache, keycloak, realm, ports, discard, progress);
  }

  /** The same, told to somebody. */
  public LocalSettings withProgress(Progress listener) {
    return new LocalSettings(directory, cache, keycloak, realm, ports, fresh, listener);
  }

  LocalSettings withPorts(Ports resolved) {
    return new LocalSettings(directory, cache, keycloak, realm, resolved, fresh, progress);
  }

  Path logs() {
    return directory.resolve("logs");
  }

  Path run() {
    return directory.resolve("run");
  }
}
