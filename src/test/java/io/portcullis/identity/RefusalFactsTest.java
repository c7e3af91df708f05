package io.portcullis.identity;

import static io.portcullis.identity.Identity.NOW;
import static io.portcullis.identity.Identity.RSA;
import static io.portcullis.identity.Identity.token;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestToken;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a refusal tells the trail beyond its reason, and what it means when nobody can tell. */
class RefusalFactsTest {
  private final Identity identity = new Identity(RSA);

  private Map<String, String> facts(TestToken token) {
    return identity.rejection(token.signed()).facts();
  }

  @Test
  void refusal_namesTheClaim() {
    assertEquals(Map.of("claim", "exp"), facts(token(RSA).claim("exp", 1)));
    assertEquals(Map.of("claim", "aud"), facts(token(RSA).claim("aud", "elsewhere")));
    assertEquals(Map.of("claim", "iss"), facts(token(RSA).claim("iss", "https://other")));
    assertEquals(Map.of("claim", "typ"), facts(token(RSA).claim("typ", "ID")));
    assertEquals(Map.of("claim", "sub"), facts(token(RSA).without("sub")));
    assertEquals(Map.of("claim", "kid"), facts(token(RSA).header("kid", "another")));
    assertEquals(Map.of(), identity.rejection("no token").facts());
  }

  @Test
  void refusal_ofARevokedToken_namesItsHolder() {
    String subject = identity.caller(token(RSA).signed()).subject();
    identity.revoked.add(subject);
    assertEquals(Map.of("subject", subject, "session", "4c8e"), facts(token(RSA)));
  }

  @Test
  void revocations_unknown_are503AndCounted() {
    TokenVerifier verifier =
        new TokenVerifier(
            Identity.config(Identity.issuer(java.util.Set.of())),
            identity.keys,
            organization -> Optional.empty(),
            caller -> {
              throw Rejection.unavailable("state");
            },
            identity.metrics,
            () -> NOW);
    Rejection rejection = (Rejection) Await.failure(verifier.verify(token(RSA).signed()));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertEquals(
        1,
        identity.count("portcullis.auth", "result", "unavailable", "reason", "state-unavailable"));
  }
}
