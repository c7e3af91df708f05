package io.portcullis.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.LoginConfig;
import io.portcullis.config.Secret;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TlsFolder;
import io.portcullis.testing.TlsFront;
import io.portcullis.testing.TokenEndpoint;
import io.portcullis.testing.TokenEndpoint.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The client's secret and people's tokens go to nobody but the issuer that is vouched for; whoever
 * else is there is our outage, and nobody's wrong token.
 */
class OidcTlsTest {
  private final Vertx vertx = Vertx.vertx();
  private final TokenEndpoint endpoint = new TokenEndpoint(vertx);
  private final TlsFolder own;
  private final TlsFolder other;
  private final TlsFront front;

  OidcTlsTest(@TempDir Path folder) {
    own = TlsFolder.of(folder.resolve("own"), new TestAuthority("root"));
    other = TlsFolder.of(folder.resolve("other"), new TestAuthority("another root"));
    front = new TlsFront(vertx, own, endpoint.address().getPort());
    endpoint.answer(
        form ->
            Answer.json(
                200, new JsonObject().put("access_token", "a.b.c").put("token_type", "Bearer")));
  }

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void issuer_thatIsVouchedFor_isAsked() {
    Tokens tokens = Await.value(client("localhost", own.trust()).refresh("d.e.f"));
    assertEquals("a.b.c", tokens.accessToken());
  }

  @Test
  void issuer_ofAnotherName_isNotAsked() {
    assertUnavailable(client("127.0.0.1", own.trust()));
  }

  @Test
  void issuer_ofAnotherAuthority_isNotAsked() {
    assertUnavailable(client("localhost", other.trust()));
  }

  private void assertUnavailable(OidcClient client) {
    Rejection refused = (Rejection) Await.failure(client.refresh("d.e.f"));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, refused.problem());
    assertEquals(List.of(), endpoint.forms());
  }

  private OidcClient client(String host, Path trust) {
    URI address = front.address(host, endpoint.address());
    LoginConfig config =
        new LoginConfig(
            "portcullis-gateway",
            new Secret("gateway-secret"),
            "keycloak",
            Optional.of(URI.create("https://login.example.com/auth")),
            Optional.of(address),
            Optional.empty(),
            Optional.empty(),
            Set.of("openid"),
            Duration.ofMinutes(10),
            Duration.ofSeconds(8),
            8,
            Optional.of(trust));
    return new OidcClient(
        vertx,
        config,
        URI.create("https://api.example.com"),
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }
}
