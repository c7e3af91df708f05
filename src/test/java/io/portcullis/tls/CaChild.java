package io.portcullis.tls;

import java.nio.file.Path;
import java.time.InstantSource;

/** Issues as another process: directory, how often, role. Prints each serial. */
final class CaChild {
  private CaChild() {}

  public static void main(String[] arguments) {
    try (var authority =
        CertificateAuthority.open(
            Path.of(arguments[0]), CaFixture.CA_PASS, InstantSource.system())) {
      for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
        System.out.println(authority.issue(IdentityRequest.of(arguments[2])).serial());
        System.out.flush();
      }
    }
  }
}
