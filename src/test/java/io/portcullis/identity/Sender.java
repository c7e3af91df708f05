package io.portcullis.identity;

import java.util.List;
import java.util.Optional;

/** What a request shows of its sender, as a test says it. */
record Sender(
    List<String> proofs, String method, String target, Optional<String> certificateThumbprint)
    implements TokenHolder {
  static final String TARGET = "https://api.example.com/api/v1/me";

  /** Nothing but the token. */
  static final Sender NOBODY = new Sender(List.of(), "GET", TARGET, Optional.empty());

  /** Nothing but proofs. */
  static Sender proving(String... proofs) {
    return new Sender(List.of(proofs), "GET", TARGET, Optional.empty());
  }

  /** Nothing but a certificate. */
  static Sender withCertificate(String thumbprint) {
    return new Sender(List.of(), "GET", TARGET, Optional.of(thumbprint));
  }
}
