package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestAuthority.Identity;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services behind the gateway prove who they are, and so does the gateway. */
final class UpstreamTlsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  private final int port = FreePort.any();
  private final List<MultiMap> received = new CopyOnWriteArrayList<>();
  private final List<String> callers = new CopyOnWriteArrayList<>();
  private final AtomicInteger open = new AtomicInteger();
  private TlsGateway gateway;
  private Identity nginx;

  @BeforeEach
  void start() {
    gateway = new TlsGateway(folder, Duration.ofMinutes(10), TlsGateway.upstream(port, "reports"));
    nginx = gateway.authority.issue("nginx");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void upstream_ofTheRightRole_isAskedByANodeThatProvesItself() throws Exception {
    upstream(gateway.authority.issue("reports"));
    String certificate =
        ":" + Base64.getEncoder().encodeToString(nginx.certificate().getEncoded()) + ":";
    RawHttp.Answer answer =
        ask(
            "Client-Cert: " + certificate,
            "Client-Cert-Chain: " + certificate,
            "X-Forwarded-For: 192.0.2.9");
    assertEquals(200, answer.status());
    assertEquals(List.of(gateway.certificates.material().serial()), callers);
    MultiMap headers = received.getFirst();
    assertFalse(headers.contains("client-cert"), "a certificate travels no further");
    assertFalse(headers.contains("client-cert-chain"));
    assertEquals("192.0.2.9", headers.get("x-forwarded-for"));
  }

  @Test
  void upstream_thatProvesAnotherRole_isOurFaultAndNotTheCallers() throws IOException {
    HttpServer server = upstream(gateway.authority.issue("edge"));
    assertRefused();
    Await.value(server.close());
    HttpServer foreign = upstream(new TestAuthority("foreign").issue("reports"));
    assertRefused();
    Await.value(foreign.close());
    upstream(gateway.authority.issue("reports"));
    assertEquals(200, ask().status());
  }

  @Test
  void upstream_thatIsRevoked_losesItsConnectionsAndIsNotAskedAgain() throws IOException {
    Identity reports = gateway.authority.issue("reports");
    upstream(reports);
    assertEquals(200, ask().status());
    assertTrue(open.get() > 0);
    gateway.deny(reports);
    Await.until(() -> open.get() == 0, Duration.ofSeconds(10), () -> open + " are still open");
    assertRefused();
  }

  @Test
  void rotation_ofTheNode_reachesItsClients() throws IOException {
    upstream(gateway.authority.issue("reports"));
    assertEquals(200, ask().status());
    Identity next = gateway.authority.issue("gateway");
    gateway.serve(next);
    Await.until(
        "the new certificate is proved",
        () -> gateway.count("portcullis.tls.reload", "result", "success") == 1);
    assertEquals(200, ask().status());
    assertEquals(next.serial(), callers.getLast());
  }

  private void assertRefused() throws IOException {
    int before = received.size();
    RawHttp.Answer answer = ask();
    assertEquals(502, answer.status());
    assertTrue(answer.body().contains("/upstream-failed"), answer.body());
    assertEquals(before, received.size(), "nothing was sent");
  }

  private RawHttp.Answer ask(String... headers) throws IOException {
    return gateway.ask(nginx, gateway.publicPort, TlsGateway.request("/up/x", headers));
  }

  private HttpServer upstream(Identity identity) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(false)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setClientAuth(ClientAuth.REQUIRED)
            .setTrustOptions(
                new PemTrustOptions()
                    .addCertValue(Buffer.buffer(TestAuthority.pem(gateway.authority.root()))))
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(identity.certificatePem()))
                    .addKeyValue(Buffer.buffer(identity.keyPem())));
    return Await.value(
        gateway
            .vertx
            .createHttpServer(options)
            .connectionHandler(
                connection -> {
                  open.incrementAndGet();
                  connection.closeHandler(closed -> open.decrementAndGet());
                })
            .requestHandler(
                request -> {
                  received.add(MultiMap.caseInsensitiveMultiMap().addAll(request.headers()));
                  try {
                    X509Certificate caller =
                        (X509Certificate) request.sslSession().getPeerCertificates()[0];
                    callers.add(caller.getSerialNumber().toString(16));
                  } catch (SSLPeerUnverifiedException none) {
                    callers.add("nobody");
                  }
                  request.response().end("ok");
                })
            .listen(port, "127.0.0.1"));
  }
}
