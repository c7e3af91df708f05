package io.portcullis.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  @Test
  void issue_anIdentity_isAcceptedByJdkAndOpenssl(@TempDir Path folder) throws Exception {
    var fixture = new CaFixture(folder);
    try (var authority = fixture.init()) {
      authority.issue(IdentityRequest.of("gateway").withDns("localhost").withIp("127.0.0.1"));
      fixture.assertAccepted(authority.identityDirectory("gateway").resolve("tls.crt"));
    }
    try (var again = fixture.open()) {
      assertEquals(1, again.list().certificates().size());
    }
  }
}
