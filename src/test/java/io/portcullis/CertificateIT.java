package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestAuthority.Identity;
import io.portcullis.tls.Peer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node with certificates: both listeners, what health says, and a broken start. */
final class CertificateIT {
  @TempDir static Path folder;

  private static final TestAuthority AUTHORITY = new TestAuthority("ours");
  private static TestNode node;

  @BeforeAll
  static void start() throws Exception {
    serve(issue("gateway"));
    Files.writeString(folder.resolve("trust.pem"), TestAuthority.pem(AUTHORITY.root()));
    Files.writeString(folder.resolve("denied.json"), "{\"version\":1,\"denied\":[]}");
    node = TestNode.start("certificates", settings());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void me_throughNginx_namesTheCertificateThatNginxForwards() throws Exception {
    byte[] der = AUTHORITY.issue("phone").certificate().getEncoded();
    Api nginx = api(node.node.httpPort(), "nginx").as(node.token("alice"));
    String header = ":" + Base64.getEncoder().encodeToString(der) + ":";
    Api.Answer answer = nginx.get("/api/v1/me", "client-cert", header);
    assertEquals(200, answer.status(), answer.text());
    assertEquals(Peer.thumbprint(der), answer.json().getString("certificate_thumbprint"));
    assertEquals("alice", answer.json().getString("username"));
    JsonObject without = nginx.get("/api/v1/me").json();
    assertTrue(without.containsKey("certificate_thumbprint"));
    assertEquals(null, without.getString("certificate_thumbprint"));
    assertEquals(400, nginx.get("/api/v1/me", "client-cert", ":x:").status());
  }

  @Test
  void internalMe_ofAService_isTheService() {
    Api.Answer answer = api(node.node.internalPort(), "ops").get("/internal/v1/me");
    assertEquals(200, answer.status(), answer.text());
    assertEquals("spiffe://portcullis/production/ops", answer.json().getString("subject"));
    assertTrue(answer.json().getJsonArray("roles").contains("service"));
    assertTrue(answer.header("ratelimit-policy").contains("per-user"), "limits hold here too");
    assertThrows(AssertionError.class, () -> api(node.node.httpPort(), "ops").get("/openapi.json"));
    assertThrows(
        AssertionError.class, () -> api(node.node.internalPort(), "nginx").get("/internal/v1/me"));
  }

  @Test
  void health_showsTheCertificateAndABrokenSuccessor() throws Exception {
    assertEquals("valid", TestNode.mode(node.ready(), "certificates"));
    String metrics = node.management("/metrics").text();
    assertTrue(metrics.contains("portcullis_tls_not_before_seconds{"), "the begin of its life");
    assertTrue(metrics.contains("portcullis_tls_not_after_seconds{"), "the end of its life");
    String key = Files.readString(folder.resolve("tls.key"));
    TestAuthority.replace(folder.resolve("tls.key"), key.substring(0, 50));
    node.awaitReady(
        ready ->
            ready
                .getJsonObject("dependencies")
                .getJsonObject("certificates")
                .containsKey("last_failure"),
        Duration.ofSeconds(20));
    assertEquals(200, node.management("/health/ready").status(), "it stays in rotation");
    TestAuthority.replace(folder.resolve("tls.key"), key);
    node.awaitReady(ready -> "up".equals(ready.getString("status")), Duration.ofSeconds(20));
    metrics = node.management("/metrics").text();
    assertTrue(metrics.contains("portcullis_tls_reload_total{result=\"failure\"} "), metrics);
  }

  @Test
  void start_withACertificateOfAnotherEnvironment_failsAndNamesTheFile() {
    LocalSystem system = TestSystem.shared();
    String[] settings = settings();
    settings[settings.length - 1] = "staging";
    Throwable failure =
        Await.failure(Portcullis.start(TestNode.config(system, "misnamed", settings)));
    assertTrue(String.valueOf(failure.getMessage()).contains("tls.crt"), failure.toString());
    assertFalse(String.valueOf(failure.getMessage()).isEmpty());
  }

  private static String[] settings() {
    return new String[] {
      "TLS_CERTIFICATE", folder.resolve("tls.crt").toString(),
      "TLS_KEY", folder.resolve("tls.key").toString(),
      "TLS_TRUST", folder.resolve("trust.pem").toString(),
      "TLS_DENIED", folder.resolve("denied.json").toString(),
      "HTTP_TLS", "mutual",
      "INTERNAL_PORT", "0",
      "NODE_ENVIRONMENT", "production"
    };
  }

  private static Identity issue(String role) {
    return AUTHORITY.issue(
        java.util.List.of("spiffe://portcullis/production/" + role),
        java.time.Instant.now(),
        Duration.ofDays(1));
  }

  private static void serve(Identity identity) {
    TestAuthority.replace(folder.resolve("tls.key"), identity.keyPem());
    TestAuthority.replace(folder.resolve("tls.crt"), identity.certificatePem());
  }

  private static Api api(int port, String role) {
    SSLContext tls = AUTHORITY.peer(issue(role));
    return new Api(URI.create("https://localhost:" + port), Optional.empty(), tls);
  }
}
