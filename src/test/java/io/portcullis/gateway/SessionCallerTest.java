package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose token a session may hold. */
class SessionCallerTest {
  private static Caller caller(String subject, String issuer, Optional<String> tenant) {
    return new Caller(
        issuer,
        subject,
        subject,
        "client",
        List.of(),
        tenant.map(
            name -> new Tenant(new TenantId("a123456789012"), name, "o", Tenant.State.ACTIVE)),
        Set.of(),
        Set.of(),
        Credential.of("", Instant.EPOCH, Instant.MAX));
  }

  @Test
  void isSame_askedOfPersonIssuerAndTenant() {
    Optional<String> acme = Optional.of("acme");
    var session = Browsing.session("s", "bob", "acme");
    assertTrue(SessionCaller.isSame(caller("bob", Browsing.ISSUER, acme), session));
    assertTrue(SessionCaller.isSame(caller("bob", Browsing.ISSUER, Optional.empty()), session));
    assertFalse(SessionCaller.isSame(caller("eve", Browsing.ISSUER, acme), session));
    assertFalse(SessionCaller.isSame(caller("bob", "https://other.test", acme), session));
    assertFalse(
        SessionCaller.isSame(caller("bob", Browsing.ISSUER, Optional.of("globex")), session));
    assertTrue(
        SessionCaller.isSame(
            caller("bob", Browsing.ISSUER, Optional.of("globex")),
            Browsing.session("s", "bob", "")));
  }
}
