package io.portcullis.session;

import static io.portcullis.session.SessionNode.ISSUER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.config.LoginConfig;
import io.portcullis.config.Secret;
import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.IdToken;
import io.portcullis.model.LogoutToken;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.Tenant;
import io.portcullis.model.TenantId;
import io.portcullis.testing.Await;
import io.portcullis.testing.RedisServer;
import io.portcullis.testing.TestClock;
import io.portcullis.testing.TokenEndpoint;
import io.portcullis.testing.TokenEndpoint.Answer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A login on a node that does not know its tenants yet. */
class LoginFlowIT {
  private static final Duration PATIENT = Duration.ofSeconds(8);

  private final TestClock clock = new TestClock(SessionNode.START);
  private final RedisServer redis = RedisServer.start();
  private final SessionNode node =
      new SessionNode(
          redis.port(), SessionNode.config(), new PushHub(), new FakeIssuer(clock), clock);
  private final TokenEndpoint endpoint = new TokenEndpoint(node.vertx);
  private volatile boolean registryLoaded;

  private final LoginFlow flow =
      new LoginFlow(
          ISSUER,
          new LoginSeal(new MasterKeys(SessionNode.config()), Duration.ofMinutes(10), clock),
          client(),
          new Proofs(),
          node.sessions,
          () -> registryLoaded,
          clock);

  @AfterEach
  void close() {
    node.close();
    redis.close();
  }

  @Test
  void finish_beforeTheRegistryIsLoaded_isUnavailableAndSpendsNothing() {
    LoginFlow.Start start = flow.begin(Map.of("tenant", "acme"), "");
    Rejection away = SessionNode.refusal(finish(start));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, away.problem());
    assertEquals("postgresql-unavailable", away.reason());
    assertTrue(away.retryAfter().isPresent());
    assertEquals(List.of(), endpoint.forms(), "the code is still good");
    registryLoaded = true;
    assertEquals("acme", Await.value(finish(start)).session().session().tenant());
  }

  @Test
  void finish_ofALoginThatLeavesTheTenantOpen_isUnavailableToo() {
    LoginFlow.Start start = flow.begin(Map.of(), "");
    assertEquals("postgresql-unavailable", SessionNode.refusal(finish(start)).reason());
    assertTrue(node.keys().isEmpty(), "no session of no tenant");
  }

  private Future<LoginFlow.Done> finish(LoginFlow.Start start) {
    endpoint.answer(
        form ->
            Answer.json(
                200,
                new JsonObject()
                    .put("access_token", "a.b.c")
                    .put("token_type", "Bearer")
                    .put("expires_in", 300)
                    .put("id_token", "g.h.i")));
    String state = start.location().replaceFirst(".*[?&]state=([^&]*).*", "$1");
    Map<String, String> query = Map.of("state", state, "iss", ISSUER, "code", "the-code");
    return node.on(0, () -> flow.finish(query, start.cookie(), ""));
  }

  private OidcClient client() {
    LoginConfig config =
        new LoginConfig(
            "portcullis-gateway",
            new Secret("gateway-secret"),
            "keycloak",
            Optional.of(URI.create("https://login.example.com/auth")),
            Optional.of(endpoint.address()),
            Optional.empty(),
            Optional.empty(),
            Set.of("openid"),
            Duration.ofMinutes(10),
            PATIENT,
            8,
            Optional.empty());
    return new OidcClient(
        node.vertx,
        config,
        URI.create("https://api.example.com"),
        new SimpleMeterRegistry(),
        clock);
  }

  /** Everything holds; whose tenant it is depends on what this node knows of tenants. */
  private final class Proofs implements OidcProofs {
    @Override
    public Future<IdToken> idToken(String token, IdToken.Asked asked) {
      return Future.succeededFuture(
          new IdToken(
              ISSUER,
              "alice",
              "",
              clock.instant(),
              clock.instant().plusSeconds(300),
              Optional.of(clock.instant()),
              "1"));
    }

    @Override
    public Future<Caller> accessToken(String token) {
      Tenant acme =
          new Tenant(
              new TenantId("a123456789012"), "acme", "the-organization", Tenant.State.ACTIVE);
      return Future.succeededFuture(
          new Caller(
              ISSUER,
              "alice",
              "alice",
              "portcullis-gateway",
              List.of("acme"),
              registryLoaded ? Optional.of(acme) : Optional.empty(),
              Set.of(),
              Set.of(),
              Credential.of("jti", clock.instant(), clock.instant().plusSeconds(300))));
    }

    @Override
    public Future<LogoutToken> logoutToken(String token) {
      return Future.failedFuture("not asked here");
    }

    @Override
    public Duration logoutTokenLife() {
      return Duration.ofMinutes(5);
    }
  }
}
