package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.TokenBinding;
import io.portcullis.tenant.TenantEvents;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.tenant.TenantRecord;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens that a real Keycloak has bound to a key, on two nodes that share Redis and PostgreSQL. */
final class BoundTokensIT {
  private static final String PUBLIC = "https://api.example.com";
  private static final String ME = "/api/v1/me";
  private static final DpopKey KEY = DpopKey.of("ES256");
  private static final DpopKey THIEF = DpopKey.of("ES256");
  private static final String[] SETTINGS = {
    "HTTP_PUBLIC_URL",
    PUBLIC,
    "HTTP_INSTANCES",
    "1",
    "IDENTITY_DPOP_NONCE_KEY",
    "the nonce key that both nodes of this test have"
  };

  private static TestNode one;
  private static TestNode two;
  private static KeycloakDpop client;
  private static String token;

  @BeforeAll
  static void start() {
    one = TestNode.start("bound-1", SETTINGS);
    two = TestNode.start("bound-2", SETTINGS);
    client = KeycloakDpop.client(one.system, "bound-" + System.nanoTime());
    token = client.token(KEY, "alice");
  }

  @AfterAll
  static void stop() {
    client.close();
    two.close();
    one.close();
  }

  private static Api.Answer get(TestNode node, String proof) {
    return node.anonymous().get(ME, "Authorization", "DPoP " + token, "DPoP", proof);
  }

  private static DpopKey.Proof proof(DpopKey key) {
    return key.proof("GET", PUBLIC + ME, token, Instant.now());
  }

  /** The dance: a first proof without a nonce, and the nonce of the answer. */
  private static String nonce(TestNode node) {
    Api.Answer challenge = get(node, proof(KEY).signed());
    assertEquals(401, challenge.status(), challenge.text());
    assertTrue(
        challenge.header("www-authenticate").contains("error=\"use_dpop_nonce\""),
        challenge.header("www-authenticate"));
    return challenge.header("dpop-nonce");
  }

  @Test
  void token_withAProof_isAcceptedWithItsNextNonce() {
    Api.Answer answer = get(one, proof(KEY).nonce(nonce(one)).signed());
    assertEquals(200, answer.status(), answer.text());
    assertEquals("acme", answer.json().getString("tenant"));
    Api.Answer next = get(two, proof(KEY).nonce(answer.header("dpop-nonce")).signed());
    assertEquals(200, next.status(), "a nonce of one node is good on the other");
  }

  @Test
  void token_withoutItsKey_isRefused() {
    String nonce = nonce(one);
    assertEquals(401, one.anonymous().as(token).get(ME).status(), "as a bearer token");
    assertEquals(401, get(one, proof(THIEF).nonce(nonce).signed()).status());
    assertEquals(401, get(one, proof(KEY).claim("htm", "POST").nonce(nonce).signed()).status());
    Api.Answer answer = get(one, proof(KEY).claim("iat", 1).nonce(nonce).signed());
    assertEquals(401, answer.status());
    JsonObject entry =
        new Trail(() -> TestNode.superuser(one.system))
            .await(
                answer.header("x-request-id"),
                body -> body.encode().contains("authentication.refused"));
    assertTrue(entry.encode().contains("dpop-time"), entry.encode());
  }

  @Test
  void proof_usedOnce_isRefusedOnBothNodes() {
    String proof = proof(KEY).nonce(nonce(one)).signed();
    assertEquals(200, get(one, proof).status());
    assertEquals(401, get(one, proof).status());
    Api.Answer replayed = get(two, proof);
    assertEquals(401, replayed.status());
    assertTrue(
        replayed.header("www-authenticate").contains("invalid_dpop_proof"),
        replayed.header("www-authenticate"));
    String metrics = two.management("/metrics").text();
    assertTrue(
        metrics.contains("portcullis_dpop_total{reason=\"dpop-replayed\",result=\"refused\"} 1"),
        metrics.lines().filter(line -> line.startsWith("portcullis_dpop")).toList().toString());
  }

  @Test
  void tenant_thatDemandsDpop_isObeyedByBothNodesWithinSeconds() {
    Recorder recorder = new Recorder();
    TenantLifecycle lifecycle = new TenantLifecycle(one.config.postgres(), recorder);
    lifecycle.bind("acme", TokenBinding.DPOP, "test");
    try {
      for (TestNode node : List.of(one, two)) {
        Api plain = node.as("alice");
        Await.until(
            () -> plain.get(ME).status() == 401,
            Duration.ofSeconds(5),
            () -> "a plain token is still taken");
        Api.Answer refused = plain.get(ME);
        assertTrue(
            refused.header("www-authenticate").startsWith("DPoP "),
            refused.header("www-authenticate"));
        Api.Answer bound = get(node, proof(KEY).nonce(refused.header("dpop-nonce")).signed());
        assertEquals(200, bound.status(), bound.text());
        assertEquals(200, node.as("bob").get(ME).status(), "another tenant is not meant");
      }
    } finally {
      lifecycle.bind("acme", TokenBinding.NONE, "test");
    }
    Await.until("no demand", () -> one.as("alice").get(ME).status() == 200);
    Await.until("no demand", () -> two.as("alice").get(ME).status() == 200);
    assertEquals(List.of("acme none dpop", "acme dpop none"), recorder.changes);
    lifecycle.bind("acme", TokenBinding.NONE, "again");
    assertEquals(2, recorder.changes.size(), "what changes nothing is no event");
  }

  /** What the life cycle reports. */
  private static final class Recorder implements TenantEvents {
    private final List<String> changes = new java.util.ArrayList<>();

    @Override
    public void created(TenantRecord tenant, String requestId) {
      throw new AssertionError(tenant);
    }

    @Override
    public void bindingChanged(TenantRecord tenant, TokenBinding after, String requestId) {
      changes.add(tenant.name() + " " + tenant.tokenBinding().label() + " " + after.label());
    }
  }
}
