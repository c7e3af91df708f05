package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestAuthority;
import io.portcullis.testing.TestAuthority.Identity;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, who is not, and who must leave. */
final class PeersTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  static Path folder;

  private static TlsGateway gateway;
  private static Identity nginx;
  private static Identity ops;

  @BeforeAll
  static void start() {
    gateway = new TlsGateway(folder, Duration.ofMinutes(10));
    nginx = gateway.authority.issue("nginx");
    ops = gateway.authority.issue("ops");
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void peer_ofTheRightRole_isServed() throws IOException {
    assertEquals(200, gateway.ask(nginx, gateway.publicPort, TlsGateway.PUBLIC_REQUEST).status());
    RawHttp.Answer answer = gateway.ask(ops, gateway.internalPort, TlsGateway.INTERNAL_REQUEST);
    assertEquals(200, answer.status());
    JsonObject me = new JsonObject(answer.body());
    assertEquals("spiffe://portcullis/test/ops", me.getString("subject"));
    assertEquals(List.of("service"), me.getJsonArray("roles").getList());
    assertEquals(43, me.getString("certificate_thumbprint").length());
  }

  @Test
  void peer_thatDoesNotHold_isRefusedOnBothListeners() {
    for (boolean internal : new boolean[] {false, true}) {
      int port = internal ? gateway.internalPort : gateway.publicPort;
      String role = internal ? "ops" : "nginx";
      strangers(role)
          .forEach(
              (reason, stranger) -> {
                String name = reason.replaceAll("/.*", "");
                double before = refused(internal, name);
                assertFalse(gateway.isServed(stranger, port), reason + " was served at " + role);
                Await.until(
                    () -> refused(internal, name) == before + 1,
                    Duration.ofSeconds(5),
                    () -> reason + " is not counted: " + gateway.meters.getMetersAsString());
              });
    }
  }

  @Test
  void refusals_ofOneAddress_leaveOneEventAMinute() {
    for (int i = 0; i < 20; i++) {
      gateway.isServed(gateway.authority.nobody(), gateway.publicPort);
    }
    long events =
        gateway.events.stream()
            .filter(event -> event.type().equals("peer.refused"))
            .filter(event -> event.reason().equals("certificate-missing"))
            .filter(event -> "public".equals(event.details().get("listener")))
            .count();
    assertEquals(1, events);
  }

  @Test
  void denyList_withALivePeer_closesItsConnectionWithinTwoSeconds() throws IOException {
    for (boolean internal : new boolean[] {false, true}) {
      int port = internal ? gateway.internalPort : gateway.publicPort;
      Identity revoked = gateway.authority.issue(internal ? "ops" : "nginx");
      SSLContext context = gateway.authority.peer(revoked);
      try (SSLSocket live = gateway.connect(context, port)) {
        RawHttp connection = new RawHttp(live);
        connection.send(internal ? TlsGateway.INTERNAL_REQUEST : TlsGateway.PUBLIC_REQUEST);
        assertEquals(200, connection.read().status());
        long begin = System.nanoTime();
        gateway.deny(revoked);
        assertEquals(-1, live.getInputStream().read(), "the connection ends");
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis < 10_000, "it took " + millis + " ms");
        // The same context: its session could be resumed, and must not help.
        assertFalse(gateway.isServed(context, port));
      }
    }
    assertEquals(200, gateway.ask(nginx, gateway.publicPort, TlsGateway.PUBLIC_REQUEST).status());
  }

  @Test
  void denyList_thatIsBroken_isNotTaken() throws IOException {
    Identity revoked = gateway.authority.issue("nginx");
    gateway.deny(revoked);
    Await.until(
        "the revoked one is refused",
        () -> !gateway.isServed(gateway.authority.peer(revoked), gateway.publicPort));
    double before = gateway.count("portcullis.tls.deny.list", "result", "failure");
    for (String broken :
        List.of(
            "{\"version\":1,\"denied\":[",
            "{\"version\":2,\"denied\":[]}",
            "{\"version\":1,\"denied\":[],\"more\":1}",
            "{\"version\":1,\"denied\":[{\"serial\":\"0A\",\"until\":\"2030-01-01T00:00:00Z\"}]}")) {
      double failures = gateway.count("portcullis.tls.deny.list", "result", "failure");
      TestAuthority.replace(gateway.file("denied.json"), broken);
      Await.until(
          broken + " is counted",
          () -> gateway.count("portcullis.tls.deny.list", "result", "failure") > failures);
      assertFalse(gateway.isServed(gateway.authority.peer(revoked), gateway.publicPort));
    }
    assertEquals(before + 4, gateway.count("portcullis.tls.deny.list", "result", "failure"));
    gateway.deny();
    Await.until(
        "the list is empty again",
        () -> gateway.isServed(gateway.authority.peer(revoked), gateway.publicPort));
  }

  @Test
  void service_thatNoRouteNames_isRefusedAndRecorded() throws IOException {
    Identity other = gateway.authority.issue("other");
    RawHttp.Answer forbidden =
        gateway.ask(other, gateway.internalPort, TlsGateway.INTERNAL_REQUEST);
    assertEquals(403, forbidden.status());
    assertRecorded(forbidden, "service-not-named", "spiffe://portcullis/test/other");
    for (String path : List.of("/openapi.json", "/api/v1/me", "/up/x")) {
      RawHttp.Answer absent = gateway.ask(ops, gateway.internalPort, TlsGateway.request(path));
      assertEquals(404, absent.status(), path);
      assertRecorded(absent, "route-unknown", "spiffe://portcullis/test/ops");
    }
    RawHttp.Answer outside =
        gateway.ask(nginx, gateway.publicPort, TlsGateway.request("/internal/v1/me"));
    assertEquals(404, outside.status());
  }

  @Test
  void requestId_isBelievedFromNginxAlone() throws IOException {
    String named = "X-Request-Id: chosen-outside";
    RawHttp.Answer proxied =
        gateway.ask(nginx, gateway.publicPort, TlsGateway.request("/openapi.json", named));
    assertEquals("chosen-outside", proxied.header("x-request-id"));
    RawHttp.Answer service =
        gateway.ask(ops, gateway.internalPort, TlsGateway.request("/internal/v1/me", named));
    assertFalse(service.header("x-request-id").contains("chosen"));
  }

  @Test
  void clientCert_thatWasRevokedOrIsOver_is400ThoughNginxLetItIn() throws Exception {
    Identity good = gateway.authority.issue("caller");
    Identity revoked = gateway.authority.issue("caller");
    Identity over =
        gateway.authority.issue(
            List.of("spiffe://portcullis/test/caller"),
            Instant.now().minus(Duration.ofHours(2)),
            Duration.ofHours(1));
    gateway.deny(revoked);
    for (Identity identity : List.of(good, revoked, over)) {
      String der = Base64.getEncoder().encodeToString(identity.certificate().getEncoded());
      String request = TlsGateway.request("/openapi.json", "Client-Cert: :" + der + ":");
      int status = identity.equals(good) ? 200 : 400;
      Await.until("status " + status, () -> status(request) == status);
    }
  }

  @Test
  void clientCert_thatIsMalformed_is400FromNginxAndNothingFromAService() throws IOException {
    for (String value : List.of("x", "::", ":AAAA:", ":AAA:", ":" + "A".repeat(12_000) + ":", "")) {
      String header = "Client-Cert: " + value;
      RawHttp.Answer proxied =
          gateway.ask(nginx, gateway.publicPort, TlsGateway.request("/openapi.json", header));
      assertEquals(400, proxied.status(), value);
      RawHttp.Answer service =
          gateway.ask(ops, gateway.internalPort, TlsGateway.request("/internal/v1/me", header));
      assertEquals(200, service.status(), value);
    }
  }

  private static void assertRecorded(RawHttp.Answer answer, String reason, String actor) {
    String id = answer.header("x-request-id");
    assertTrue(
        gateway.events.stream()
            .anyMatch(
                event ->
                    event.requestId().equals(id)
                        && event.reason().equals(reason)
                        && event.actor().equals(actor)),
        () -> reason + " of " + actor + " is not in " + gateway.events);
  }

  private static double refused(boolean internal, String reason) {
    return gateway.count(
        "portcullis.tls.peers.refused",
        "listener",
        internal ? "internal" : "public",
        "reason",
        reason);
  }

  /** Everybody who is not the one, by the reason why. */
  private static Map<String, SSLContext> strangers(String role) {
    TestAuthority ours = gateway.authority;
    Instant now = Instant.now();
    Duration day = Duration.ofDays(1);
    String right = "spiffe://portcullis/test/" + role;
    Map<String, SSLContext> strangers = new LinkedHashMap<>();
    strangers.put("certificate-missing", ours.nobody());
    Identity expired = ours.issue(List.of(right), now.minus(day.multipliedBy(2)), day);
    strangers.put("certificate-expired", ours.peer(expired));
    Identity early = ours.issue(List.of(right), now.plus(day), day);
    strangers.put("certificate-expired/early", ours.peer(early));
    strangers.put("certificate-untrusted", ours.peer(new TestAuthority("foreign").issue(role)));
    strangers.put(
        "certificate-untrusted/named-alike", ours.peer(new TestAuthority("ours").issue(role)));
    strangers.put("role-wrong", ours.peer(ours.issue("edge")));
    strangers.put("role-wrong/gateway", ours.peer(ours.issue("gateway")));
    strangers.put(
        "environment-wrong",
        ours.peer(ours.issue(List.of("spiffe://portcullis/other/" + role), now, day)));
    Map<String, List<String>> names =
        Map.of(
            "name-wrong/domain", List.of("spiffe://elsewhere/test/" + role),
            "name-wrong/two", List.of(right, "spiffe://portcullis/test/edge"),
            "name-wrong/path", List.of(right + "/x"),
            "name-wrong/case", List.of("SPIFFE://portcullis/test/" + role),
            "name-wrong/other", List.of("https://portcullis/test/" + role));
    names.forEach((name, uris) -> strangers.put(name, ours.peer(ours.issue(uris, now, day))));
    return strangers;
  }

  private static int status(String request) {
    try {
      return gateway.ask(nginx, gateway.publicPort, request).status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
