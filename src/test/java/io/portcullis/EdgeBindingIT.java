package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalCertificates;
import io.portcullis.local.TestSystem;
import io.portcullis.model.TokenBinding;
import io.portcullis.tenant.TenantEvents;
import io.portcullis.tenant.TenantLifecycle;
import io.portcullis.tenant.TenantRecord;
import io.portcullis.testing.Await;
import io.portcullis.testing.DpopKey;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.TestIssuer;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestTls;
import io.portcullis.testing.TestToken;
import io.portcullis.tls.IdentityRequest;
import io.portcullis.tls.Peer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bound tokens through the real Nginx: the certificate that it has seen, the proof that it passes.
 */
@Timeout(300)
final class EdgeBindingIT {
  private static final String ME = "/api/v1/me";
  private static final TestKey ISSUER_KEY = TestKey.of("rsa-1", "RS256");

  private static final Vertx VERTX = Vertx.vertx();
  private static TestIssuer issuer;
  private static EdgeNode front;
  private static String organization;

  @BeforeAll
  static void start() {
    issuer = new TestIssuer(VERTX);
    issuer.publish(ISSUER_KEY);
    Path directory = TestSystem.scratch("binding");
    LocalCertificates certificates = EdgeSystem.certificates(directory);
    certificates.authority().issue(IdentityRequest.of("ops"));
    certificates.authority().issue(IdentityRequest.of("other"));
    front =
        EdgeNode.start(
            "binding",
            directory,
            certificates,
            edge -> edge,
            "HTTP_INSTANCES",
            "1",
            "HTTP_PUBLIC_URL",
            "https://api.example.com",
            "IDENTITY_ISSUERS_KEYCLOAK_ISSUER",
            issuer.issuer(),
            "IDENTITY_ISSUERS_KEYCLOAK_JWKS",
            issuer.jwks().toString());
    organization =
        new TenantLifecycle(front.node.config.postgres(), (tenant, request) -> {})
            .show("acme")
            .orElseThrow()
            .organization();
    Await.until(
        () -> front.client().get(ME).statusCode() != 504,
        Duration.ofSeconds(60),
        () -> "no answer");
  }

  @AfterAll
  static void stop() {
    front.close();
    issuer.close();
    Await.value(VERTX.close());
  }

  private static TestToken token() {
    return new TestToken(issuer.issuer(), ISSUER_KEY, Instant.now())
        .claim("organization", new JsonObject())
        .organization("acme", organization);
  }

  private static String certified(String role) throws CertificateEncodingException {
    Path file = front.certificates.directory().resolve("identities/" + role + "/current/tls.crt");
    byte[] der = TestTls.chain(file).iterator().next().getEncoded();
    return token().claim("cnf", new JsonObject().put("x5t#S256", Peer.thumbprint(der))).signed();
  }

  private static int status(EdgeClient client, String token) {
    return client.get(ME, "Authorization", "Bearer " + token).statusCode();
  }

  @Test
  void tokenOfACertificate_throughNginx_withThatCertificateAlone() throws Exception {
    String token = certified("ops");
    assertEquals(200, status(front.client("ops"), token));
    assertEquals(401, status(front.client("other"), token));
    assertEquals(401, status(front.client(), token));
    HttpResponse<String> forged =
        front.client().get(ME, "Authorization", "Bearer " + token, "Client-Cert", header("ops"));
    assertTrue(forged.statusCode() == 401 || forged.statusCode() == 403, forged.body());
    assertEquals(200, status(front.client(), token().signed()), "what is not bound needs none");
  }

  private static String header(String role) throws CertificateEncodingException {
    Path file = front.certificates.directory().resolve("identities/" + role + "/current/tls.crt");
    byte[] der = TestTls.chain(file).iterator().next().getEncoded();
    return ":" + java.util.Base64.getEncoder().encodeToString(der) + ":";
  }

  @Test
  void tenant_thatDemandsCertificates_takesNothingLess() throws Exception {
    TenantLifecycle lifecycle = new TenantLifecycle(front.node.config.postgres(), new Silent());
    lifecycle.bind("acme", TokenBinding.MTLS, "test");
    try {
      String plain = token().signed();
      Await.until("a plain token is refused", () -> status(front.client(), plain) == 401);
      assertEquals(401, status(front.client("ops"), plain), "the certificate alone binds nothing");
      assertEquals(200, status(front.client("ops"), certified("ops")));
    } finally {
      lifecycle.bind("acme", TokenBinding.NONE, "test");
    }
    Await.until("no demand", () -> status(front.client(), token().signed()) == 200);
  }

  @Test
  void dpop_throughNginx_nonceAndProofPass() {
    DpopKey key = DpopKey.of("ES256");
    String token = token().claim("cnf", new JsonObject().put("jkt", key.thumbprint())).signed();
    String target = front.node.config.http().publicUrl().orElseThrow() + ME;
    EdgeClient client = front.client();
    HttpResponse<String> challenge =
        client.get(
            ME,
            "Authorization",
            "DPoP " + token,
            "DPoP",
            key.proof("GET", target, token, Instant.now()).signed());
    assertEquals(401, challenge.statusCode(), challenge.body());
    String nonce = challenge.headers().firstValue("dpop-nonce").orElseThrow();
    HttpResponse<String> answer =
        client.get(
            ME,
            "Authorization",
            "DPoP " + token,
            "DPoP",
            key.proof("GET", target, token, Instant.now()).nonce(nonce).signed());
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(1, answer.headers().allValues("dpop-nonce").size());
  }

  /** Of no interest here. */
  private static final class Silent implements TenantEvents {
    @Override
    public void created(TenantRecord tenant, String requestId) {}

    @Override
    public void bindingChanged(TenantRecord tenant, TokenBinding after, String requestId) {}
  }
}
