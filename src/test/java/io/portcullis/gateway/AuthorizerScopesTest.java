package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Listener;
import io.portcullis.config.RouteConfig.Target;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route asks of the scopes that were granted: all of those it names, whatever the roles. */
class AuthorizerScopesTest {
  private static final Set<String> NEEDED = Set.of("chat:write", "chat:read");

  private final Exchanges exchanges = new Exchanges();
  private final Authorizer authorizer = new Authorizer("", () -> true);

  @Test
  void check_allAndMore_passes() {
    assertDoesNotThrow(() -> check(Set.of("chat:read", "openid", "chat:write"), NEEDED));
    assertDoesNotThrow(() -> check(Set.of(), Set.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "chat:read", "chat", "chat:write chat:rea", "CHAT:READ chat:write"})
  void check_lessThanAll_isForbiddenAndSaysWhatIsNeeded(String granted) {
    Set<String> scopes = granted.isEmpty() ? Set.of() : Set.of(granted.split(" "));
    Rejection refusal = assertThrows(Rejection.class, () -> check(scopes, NEEDED));
    assertEquals(Problem.FORBIDDEN, refusal.problem());
    assertEquals("scope-missing", refusal.reason());
    assertEquals(Map.of("required_scopes", "chat:read, chat:write"), refusal.facts());
  }

  private void check(Set<String> granted, Set<String> needed) {
    Caller caller =
        new Caller(
            "issuer",
            "alice",
            "alice",
            "cli",
            List.of(),
            Optional.empty(),
            Set.of("user"),
            granted,
            Credential.of("id", Instant.EPOCH, Instant.MAX));
    authorizer.check(exchanges.on(route(needed)), caller);
  }

  private static RouteConfig route(Set<String> needed) {
    return new RouteConfig(
        "talk",
        "/talk",
        Set.of("GET"),
        new Target.Local("me"),
        Set.of("user"),
        needed,
        Access.CALLER,
        0,
        1,
        Listener.PUBLIC,
        Set.of(),
        0);
  }
}
