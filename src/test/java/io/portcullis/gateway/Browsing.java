package io.portcullis.gateway;

import io.portcullis.session.Session;
import java.time.Instant;

/** Sessions for tests that merely hold them. */
final class Browsing {
  static final String ISSUER = "https://issuer.test";
  static final Instant END = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant BEGUN = END.minusSeconds(3600);

  private Browsing() {}

  /** One whose access token is good until then. */
  static Session until(Instant over) {
    return new Session(
        "one", ISSUER, "acme", "bob", "bob", "", "a.b.c", BEGUN, over, "", over, "", BEGUN, "1",
        BEGUN, over, BEGUN, 2);
  }

  static Session session(String id, String subject, String tenant) {
    return new Session(
        id, ISSUER, tenant, subject, subject, "", "a.b.c", BEGUN, END, "", END, "", BEGUN, "1",
        BEGUN, END, BEGUN, 1);
  }
}
