package io.portcullis.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Tells other commands on this machine where the running system is. */
public final class Addresses {
  private static final String KEYCLOAK = "keycloak.url";

  private Addresses() {}

  /**
   * Keycloak of the system that runs in a directory; empty when none runs there.
   *
   * @param directory the directory of a {@link LocalSystem}
   */
  public static Optional<URI> keycloak(Path directory) {
    Path run = directory.resolve("run");
    if (new PidFile(run.resolve("up.pid")).process().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(URI.create(Files.readString(run.resolve(KEYCLOAK)).strip()));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static void write(Path run, Ports ports) {
    try {
      Files.writeString(run.resolve(KEYCLOAK), "http://127.0.0.1:" + ports.keycloak() + "\n");
    } catch (IOException e) {
      throw new LocalFailure("cannot write to " + run + ": " + e.getMessage(), e);
    }
  }

  static void delete(Path run) {
    try {
      Files.deleteIfExists(run.resolve(KEYCLOAK));
    } catch (IOException e) {
      throw new LocalFailure("cannot delete in " + run + ": " + e.getMessage(), e);
    }
  }
}
