package io.portcullis.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What lies where in the directory of an authority. */
record CaDirectory(Path path) {

  static CaDirectory of(Path path) {
    return new CaDirectory(path.toAbsolutePath().normalize());
  }

  CaStateFile state() {
    return new CaStateFile(path.resolve("ca.json"));
  }

  Path trust() {
    return path.resolve("trust.pem");
  }

  Path crl() {
    return path.resolve("crl.pem");
  }

  Path denied() {
    return path.resolve("denied.json");
  }

  Path identities() {
    return path.resolve("identities");
  }

  /** The folder of a role, which must be one: nothing else gets near a file name. */
  Path identity(String role) {
    IdentityRequest.checkRole(role);
    return identities().resolve(role);
  }

  Path tickets() {
    return path.resolve("tickets");
  }

  Path folder(Authority authority) {
    return folder(authority.root(), authority.number());
  }

  Path folder(boolean root, int number) {
    return path.resolve(root ? "root" : "ca").resolve(Integer.toString(number));
  }

  Path key(Authority authority) {
    return folder(authority).resolve(authority.root() ? "root.key" : "ca.key");
  }

  Path key(boolean root, int number) {
    return folder(root, number).resolve(root ? "root.key" : "ca.key");
  }

  Path certificate(boolean root, int number) {
    return folder(root, number).resolve(root ? "root.crt" : "ca.crt");
  }

  /** Refuses a directory whose folders others may enter. */
  void check() throws IOException {
    for (Path folder :
        List.of(path, path.resolve("root"), path.resolve("ca"), identities(), tickets())) {
      if (Files.isDirectory(folder)) {
        PrivateFiles.check(folder);
      }
    }
  }
}
