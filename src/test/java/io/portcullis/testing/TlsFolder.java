package io.portcullis.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The files of a server by TLS: its certificate, which is good for {@code localhost} alone, its
 * key, and the root that vouches for it.
 */
public record TlsFolder(Path certificate, Path key, Path trust) {
  /** Writes the files for one server of an authority. */
  public static TlsFolder of(Path folder, TestAuthority authority) {
    try {
      Files.createDirectories(folder);
      TestAuthority.Identity identity = authority.issue("server");
      Path key =
          Files.createFile(
              folder.resolve("tls.key"),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      return new TlsFolder(
          write(folder.resolve("tls.crt"), identity.certificatePem()),
          write(key, identity.keyPem()),
          write(folder.resolve("trust.pem"), TestAuthority.pem(authority.root())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path write(Path file, String text) throws IOException {
    return Files.writeString(file, text, StandardCharsets.US_ASCII);
  }

  /** For the command line of a redis-server, besides its port for plain text. */
  public String[] redis(int tlsPort) {
    return new String[] {
      "--tls-port", Integer.toString(tlsPort),
      "--tls-cert-file", certificate.toString(),
      "--tls-key-file", key.toString(),
      "--tls-ca-cert-file", trust.toString(),
      "--tls-auth-clients", "no",
      "--tls-replication", "yes"
    };
  }
}
