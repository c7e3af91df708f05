package io.portcullis.edge;

import static io.portcullis.testing.StubGateway.headers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestTls;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What reaches the gateway, and what never does. */
@Timeout(120)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class EdgeProxyIT {
  private final EdgeSystem edge = EdgeSystem.shared();
  private final EdgeClient client = edge.client();

  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  @Test
  void clientCertificate_thatIsShown_reachesTheGatewayExactly() throws Exception {
    JsonObject told = told(edge.client("edge").get("/api/v1/me", "Client-Cert", ":AAAA:"));
    String value = headers(told, "client-cert").getFirst();
    assertEquals(1, headers(told, "client-cert").size());
    assertTrue(value.startsWith(":") && value.endsWith(":"), value);
    byte[] der = Base64.getDecoder().decode(value.substring(1, value.length() - 1));
    var file = edge.certificates().directory().resolve("identities/edge/current/tls.crt");
    assertArrayEquals(TestTls.chain(file).iterator().next().getEncoded(), der);
  }

  @Test
  void identity_thatTheClientClaims_isNotBelieved() {
    Map<String, String> forged =
        Map.ofEntries(
            Map.entry("Client-Cert", ":AAAA:"),
            Map.entry("Client-Cert-Chain", ":AAAA:"),
            Map.entry("Forwarded", "for=6.6.6.6;proto=http"),
            Map.entry("X-Forwarded-For", "6.6.6.6"),
            Map.entry("X-Forwarded-Proto", "gopher"),
            Map.entry("X-Forwarded-Host", "evil.example"),
            Map.entry("X-Forwarded-User", "oscar"),
            Map.entry("X-Real-IP", "6.6.6.6"),
            Map.entry("True-Client-IP", "6.6.6.6"),
            Map.entry("X-Original-URL", "/elsewhere"),
            Map.entry("X-Rewrite-URL", "/elsewhere"),
            Map.entry("X-HTTP-Method-Override", "DELETE"),
            Map.entry("X-Request-Id", "chosen-by-the-client"),
            Map.entry("Via", "1.1 evil"),
            Map.entry("Proxy", "evil.example"));
    forged.forEach(
        (name, value) -> {
          HttpResponse<String> answer = client.get("/api/v1/me", name, value);
          if (answer.statusCode() != 403) { // the firewall may know some of them, too
            JsonObject told = told(answer);
            assertFalse(told.encode().contains(value), () -> name + " in " + told.encode());
            assertEquals(List.of("127.0.0.1"), headers(told, "x-forwarded-for"));
            assertEquals(List.of("https"), headers(told, "x-forwarded-proto"));
            assertEquals(List.of("localhost"), headers(told, "x-forwarded-host"));
            assertEquals(answer.headers().allValues("x-request-id"), headers(told, "x-request-id"));
            boolean ours = name.matches("X-Forwarded-(For|Proto|Host)|X-Request-Id");
            assertTrue(ours || headers(told, name).isEmpty(), () -> name + told.encode());
          }
        });
  }

  @Test
  void headers_ofTheApi_pass() {
    JsonObject told =
        told(
            client.get(
                "/api/v1/me",
                "Authorization",
                "Bearer a.b.c",
                "X-Tenant",
                "acme",
                "Idempotency-Key",
                "k",
                "Accept-Encoding",
                "gzip"));
    assertEquals(List.of("Bearer a.b.c"), headers(told, "authorization"));
    assertEquals(List.of("acme"), headers(told, "x-tenant"));
    assertEquals(List.of("k"), headers(told, "idempotency-key"));
    assertEquals(List.of(), headers(told, "accept-encoding"), "nothing behind may compress");
  }

  @Test
  void headers_thatConnectionNames_cannotRemoveOurs() throws IOException {
    try (RawHttp raw = edge.raw()) {
      raw.send(
          "GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n"
              + "Connection: close, X-Forwarded-For, X-Request-Id\r\n\r\n");
      RawHttp.Answer answer = raw.read();
      JsonObject told = new JsonObject(answer.body());
      assertEquals(List.of("127.0.0.1"), headers(told, "x-forwarded-for"));
      assertEquals(List.of(answer.header("x-request-id")), headers(told, "x-request-id"));
      assertEquals(List.of(), headers(told, "connection"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health",
        "/health/live",
        "/metrics",
        "/metrics/",
        "/admin",
        "/admin/v1/tenants",
        "/console",
        "/console/x",
        "/internal/v1/me",
        "/Admin",
        "/METRICS",
        "//metrics",
        "///admin/v1",
        "/./metrics",
        "/x/../metrics",
        "/%6detrics",
        "/%6D%65trics",
        "/metrics%2f",
        "/metrics%20",
        "/metrics;x=1",
        "/metrics.json",
        "/%2fmetrics",
        "/x/%2e%2e/metrics",
        "/x/..%2fmetrics",
        "/%2e/metrics",
        "/metrics?x",
        "/%256detrics",
        "/api/%252e%252e/metrics",
        "/metrics%3f",
        "/metrics%23",
        "/api/v1/../../admin",
        "/admin%09",
        "/internal//v1"
      })
  void management_inAnySpelling_isNotThere(String target) throws IOException {
    try (RawHttp raw = edge.raw()) {
      raw.send(
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n\r\n");
      int status = raw.read().status();
      assertTrue(status == 404 || status == 403, target + " was answered with " + status);
    }
    try (RawHttp raw = edge.raw()) {
      raw.send("GET https://localhost" + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      int status = raw.read().status();
      assertTrue(status == 404 || status == 403, target + " was answered with " + status);
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  @Test
  void paths_thatOnlyBeginAlike_arePassedOn() {
    for (String path : List.of("/administrate", "/healthy", "/api/v1/metrics", "/consoles")) {
      assertEquals(path, told(client.get(path)).getString("target"));
    }
  }

  @Test
  void upload_thatIsTooLarge_isRefusedByItsSizeAlone() throws IOException {
    try (RawHttp raw = edge.raw()) {
      raw.send(
          "POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\n"
              + "Content-Type: application/json\r\nContent-Length: 26214400\r\n\r\n");
      RawHttp.Answer answer = raw.read(); // not one byte of the body was sent
      assertEquals(413, answer.status());
      assertTrue(answer.body().contains("payload-too-large"), answer.body());
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  @Test
  void upload_inChunksWithoutEnd_isBrokenOff() throws IOException {
    String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
    try (RawHttp raw = edge.raw()) {
      raw.send(
          "POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\n"
              + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
      int sent = 0;
      try {
        for (; sent < 17; sent++) {
          raw.send(chunk);
        }
      } catch (SocketException closed) {
        assertTrue(sent >= 15, "broken off after " + sent + " chunks of 64 KiB");
      }
      assertEquals(413, raw.read().status());
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  @Test
  void protocols_bothAreSpoken() {
    assertEquals(HttpClient.Version.HTTP_2, client.get("/x").version());
    EdgeClient old = EdgeClient.http1(edge.edge().httpsPort(), edge.context());
    assertEquals(HttpClient.Version.HTTP_1_1, old.get("/x").version());
  }

  @Test
  void accessLog_isJsonAndKeepsNoSecret() {
    String name = "/log-" + System.nanoTime();
    client.get(
        name + "/a%22b%5C%0A?access_token=secret-in-the-query",
        "Authorization",
        "Bearer secret-in-a-header",
        "User-Agent",
        "agent \"quoted\" \\");
    String line = edge.logged(name).getFirst();
    assertFalse(line.contains("secret-in"), line);
    JsonObject json = new JsonObject(line);
    assertEquals(name + "/a%22b%5C%0A", json.getString("url.path"));
    assertEquals("agent \"quoted\" \\", json.getString("user_agent.original"));
    assertEquals("127.0.0.1", json.getString("source.ip"));
    assertEquals("TLSv1.3", json.getString("tls.version"));
    assertTrue(json.getLong("event.duration") >= 0);
  }

  private static JsonObject told(HttpResponse<String> answer) {
    assertEquals(200, answer.statusCode(), answer.body());
    return new JsonObject(answer.body());
  }
}
