package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Credential.Binding;
import io.portcullis.model.Credential.Binding.Kind;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.model.TokenBinding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant asks of tokens, of callers by whatever they were proved. */
class AuthorizerBindingTest {
  private static final RouteConfig ME =
      Samples.route("me", "/me", Set.of("GET"), new Target.Local("me"), Access.TENANT);

  private final Exchanges exchanges = new Exchanges();
  private final Authorizer authorizer = new Authorizer("", () -> true);

  @ParameterizedTest
  @CsvSource({
    "NONE,,",
    "NONE,KEY,",
    "NONE,CERTIFICATE,",
    "DPOP,,binding-dpop",
    "DPOP,KEY,",
    "DPOP,CERTIFICATE,binding-dpop",
    "MTLS,,binding-mtls",
    "MTLS,KEY,binding-mtls",
    "MTLS,CERTIFICATE,"
  })
  void check_callerByToken_exactlyWhatIsAsked(TokenBinding asked, Kind kind, String reason) {
    Caller caller = caller(asked, Optional.ofNullable(kind));
    if (reason == null) {
      assertDoesNotThrow(() -> authorizer.check(exchanges.on(ME), caller));
    } else {
      Rejection refusal =
          assertThrows(Rejection.class, () -> authorizer.check(exchanges.on(ME), caller));
      assertEquals(reason, refusal.reason());
      assertEquals(Problem.UNAUTHENTICATED, refusal.problem());
    }
  }

  @Test
  void check_callerBySession_carriesNoTokenToBind() {
    for (TokenBinding asked : TokenBinding.values()) {
      Exchange exchange = exchanges.on(ME);
      exchange.provedBy(Evidence.SESSION);
      assertDoesNotThrow(() -> authorizer.check(exchange, caller(asked, Optional.empty())));
    }
  }

  private static Caller caller(TokenBinding asked, Optional<Kind> kind) {
    Tenant tenant =
        new Tenant(new TenantId("a123456789012"), "acme", "org", Tenant.State.ACTIVE, asked);
    Credential credential =
        new Credential(
            "id",
            "",
            Instant.EPOCH,
            Instant.MAX,
            Optional.empty(),
            "",
            kind.map(one -> new Binding(one, "thumb")));
    return new Caller(
        "issuer",
        "alice",
        "alice",
        "cli",
        List.of("org"),
        Optional.of(tenant),
        Set.of(),
        Set.of(),
        credential);
  }
}
