package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The passphrases of the certificate authority that the local system made for itself; other
 * commands on this machine find them here.
 */
public final class LocalPassphrases {
  private LocalPassphrases() {}

  /** The intermediate's; empty when the system of that directory has made none. */
  public static Optional<char[]> ca(Path directory) {
    return existing(directory, Secrets.CERTS_CA);
  }

  /** The root's; empty when the system of that directory has made none. */
  public static Optional<char[]> root(Path directory) {
    return existing(directory, Secrets.CERTS_ROOT);
  }

  private static Optional<char[]> existing(Path directory, String name) {
    Path file = directory.resolve("secrets").resolve(name);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(file).strip().toCharArray());
    } catch (IOException e) {
      throw new LocalFailure("cannot read " + file, e);
    }
  }
}
