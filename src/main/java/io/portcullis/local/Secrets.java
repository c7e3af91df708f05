package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Passwords of this machine's own system: made once, 192 random bits each, readable by the owner
 * alone.
 */
record Secrets(Path folder) {
  static final String POSTGRES_SUPERUSER = "postgres-superuser";
  static final String POSTGRES_APP = "postgres-app";
  static final String POSTGRES_PLATFORM = "postgres-platform";
  static final String POSTGRES_ADMIN = "postgres-admin";
  static final String REDIS = "redis";
  static final String KEYCLOAK_ADMIN = "keycloak-admin";
  static final String KEYCLOAK_PLATFORM = "keycloak-platform";
  static final String KEYCLOAK_LOGIN = "keycloak-login";
  static final String KEYCLOAK_OPS = "keycloak-ops";
  static final String KEYCLOAK_AI = "keycloak-ai";
  static final String CERTS_CA = "certs-ca";
  static final String CERTS_ROOT = "certs-root";

  private static final SecureRandom RANDOM = new SecureRandom();

  /** The folder, made if need be. */
  static Secrets open(Path folder) {
    try {
      Files.createDirectories(Folders.parent(folder));
      if (!Files.isDirectory(folder)) {
        var owner = PosixFilePermissions.fromString("rwx------");
        Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(owner));
      }
      return new Secrets(folder);
    } catch (IOException e) {
      throw new LocalFailure("cannot create " + folder + ": " + e.getMessage(), e);
    }
  }

  /** The secret of that name, made on first use. */
  String get(String name) {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        create(file);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new LocalFailure("cannot keep secrets in " + folder + ": " + e.getMessage(), e);
    }
  }

  private void create(Path file) throws IOException {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    Path draft =
        Files.createTempFile(
            folder,
            file.getFileName().toString(),
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
    Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
