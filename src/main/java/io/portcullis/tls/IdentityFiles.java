package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.util.HashSet;
import java.util.Set;

/**
 * The folder of each role: one folder per serial, and the link {@code current} to the one in use.
 * The one before stays until the next rotation, for whoever is just reading it.
 */
record IdentityFiles(CaDirectory directory) {
  private static final String CURRENT = "current";

  Path current(String role) {
    return directory.identity(role).resolve(CURRENT);
  }

  /** Writes a new identity beside the current one; nobody sees it yet. */
  void write(String role, String serial, String chain, PrivateKey key) throws IOException {
    Path folder = directory.identity(role);
    PrivateFiles.folder(directory.identities());
    PrivateFiles.folder(folder);
    Path version = folder.resolve(serial);
    PrivateFiles.folder(version);
    PrivateFiles.write(version.resolve("tls.key"), PemText.of("PRIVATE KEY", key.getEncoded()));
    PrivateFiles.write(version.resolve("tls.crt"), chain);
    PrivateFiles.sync(folder);
    PrivateFiles.sync(directory.identities());
  }

  /** Makes it the current one and removes all but it and the one that it replaces. */
  void activate(String role, String serial) throws IOException {
    Path link = current(role);
    Set<String> keep = new HashSet<>(Set.of(serial));
    if (Files.isSymbolicLink(link)) {
      String before = Files.readSymbolicLink(link).toString();
      if (before.equals(serial)) {
        return;
      }
      keep.add(before);
    }
    PrivateFiles.link(link, Path.of(serial));
    keepOnly(role, keep);
  }

  /**
   * After a crash: the link points to what the state says is current, and what the state does not
   * know is gone.
   */
  void heal(CaState state) throws IOException {
    if (!Files.isDirectory(directory.identities())) {
      return;
    }
    PrivateFiles.sweep(directory.identities());
    for (IssuedCertificate one : state.currents()) {
      Path version = directory.identity(one.role()).resolve(one.serial());
      if (Files.isRegularFile(version.resolve("tls.crt"))) {
        activate(one.role(), one.serial());
        PrivateFiles.sweep(version);
        PrivateFiles.check(version.resolve("tls.key"));
      }
    }
    Set<String> known = new HashSet<>();
    state.certificates().forEach(one -> known.add(one.serial()));
    try (DirectoryStream<Path> roles = Files.newDirectoryStream(directory.identities())) {
      for (Path role : roles) {
        Set<String> keep = new HashSet<>(known);
        Path link = role.resolve(CURRENT);
        if (Files.isSymbolicLink(link)) {
          keep.add(Files.readSymbolicLink(link).toString());
        }
        keepOnly(role.getFileName().toString(), keep);
      }
    }
  }

  private void keepOnly(String role, Set<String> versions) throws IOException {
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory.identity(role))) {
      for (Path one : all) {
        String name = one.getFileName().toString();
        if (!name.equals(CURRENT) && !versions.contains(name)) {
          PrivateFiles.delete(one);
        }
      }
    }
  }
}
