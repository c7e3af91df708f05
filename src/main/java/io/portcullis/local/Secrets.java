package io.portcullis.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * Passwords and keys of this machine's own system: made once, at least 192 random bits each,
 * readable by the owner alone.
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
  static final String SESSIONS = "sessions";
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
    return get(name, 24, Base64.getUrlEncoder().withoutPadding());
  }

  /** The same as a key of 256 bits, in base64. */
  String key(String name) {
    return get(name, 32, Base64.getEncoder());
  }

  private String get(String name, int bytes, Base64.Encoder form) {
    Path file = folder.resolve(name);
    try {
      if (!Files.exists(file)) {
        create(file, bytes, form);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new LocalFailure("cannot keep secrets in " + folder + ": " + e.getMessage(), e);
    }
  }

  private void create(Path file, int length, Base64.Encoder form) throws IOException {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    Path draft =
        Files.createTempFile(
            folder,
            file.getFileName().toString(),
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, form.encodeToString(bytes) + "\n");
    Files.move(draft, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }
}
