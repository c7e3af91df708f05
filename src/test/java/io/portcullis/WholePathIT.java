package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.TestTls;
import io.portcullis.testing.Trail;
import io.portcullis.tls.Peer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the client through the real Nginx and the real node, and back. */
@Timeout(240)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class WholePathIT {
  private static final int USER_LIMIT = 100;
  private static final String ATTACK =
      "/api/v1/me?q=1%27%20UNION%20SELECT%20password%20FROM%20users--";
  private static final List<String> ONCE =
      List.of(
          "strict-transport-security",
          "content-security-policy",
          "permissions-policy",
          "referrer-policy",
          "cross-origin-opener-policy",
          "cross-origin-resource-policy",
          "x-content-type-options",
          "x-frame-options",
          "x-request-id",
          "server",
          "date");

  private static WholePath path;
  private static EdgeClient client;
  private static String alice;

  @BeforeAll
  static void start() throws IOException {
    path =
        new WholePath(
            "whole",
            "LIMITS_PER_USER_MAX",
            "" + USER_LIMIT,
            "LIMITS_PER_IP_MAX",
            "9000",
            "REDIS_DATABASE", // the same users ask in other tests of this minute
            "5");
    client = path.client();
    alice = path.node.token("alice");
  }

  @AfterAll
  static void stop() {
    path.close();
  }

  @Test
  void threeRequests_ofTheReadme_areAnsweredOverHttps() {
    HttpResponse<String> me = as(alice, "GET", "/api/v1/me", "");
    assertEquals(200, me.statusCode(), me.body());
    assertEquals("acme", new JsonObject(me.body()).getString("tenant"));
    String conversation = conversation();
    String sql = "SELECT * FROM users WHERE name = 'x' OR 1=1; DROP TABLE users; -- why?";
    HttpResponse<String> message =
        as(
            alice,
            "POST",
            "/api/v1/conversations/" + conversation + "/messages",
            new JsonObject().put("content", sql).encode());
    assertEquals(201, message.statusCode(), message.body());
    assertEquals(sql, new JsonObject(message.body()).getString("content"));
    assertEquals(401, client.get("/api/v1/me").statusCode());
  }

  @Test
  void headers_onEveryStatusThatCanBeProvoked_standOnce() {
    TreeMap<Integer, Supplier<HttpResponse<String>>> provoked = new TreeMap<>();
    String id = conversation();
    String etag = client.get("/openapi.json").headers().firstValue("etag").orElse("none");
    provoked.put(200, () -> as(alice, "GET", "/api/v1/me", ""));
    provoked.put(201, () -> as(alice, "POST", "/api/v1/conversations", "{\"title\":\"x\"}"));
    provoked.put(204, () -> as(alice, "DELETE", "/api/v1/conversations/" + id, ""));
    provoked.put(301, () -> client.get("/up/status/301"));
    provoked.put(304, () -> client.get("/openapi.json", "If-None-Match", etag));
    provoked.put(400, () -> as(alice, "GET", "/api/v1/conversations?limit=0", ""));
    provoked.put(401, () -> client.get("/api/v1/me"));
    provoked.put(404, () -> client.get("/nothing"));
    provoked.put(405, () -> as(alice, "DELETE", "/api/v1/me", ""));
    provoked.put(413, () -> as(alice, "POST", "/api/v1/conversations", " ".repeat(1_100_000)));
    provoked.put(
        415,
        () ->
            client.send(
                "POST",
                "/api/v1/conversations",
                BodyPublishers.ofString("{}"),
                "Authorization",
                "Bearer " + alice,
                "Content-Type",
                "application/vnd.x+json"));
    provoked.put(429, WholePathIT::limited);
    provoked.put(500, () -> client.get("/up/status/500"));
    provoked.put(502, () -> client.get("/up/close"));
    provoked.put(503, () -> client.get("/up/status/503"));
    provoked.put(504, () -> client.get("/up/slow"));
    TreeMap<Integer, Integer> statuses = new TreeMap<>();
    provoked.forEach(
        (status, request) -> {
          HttpResponse<String> answer = request.get();
          statuses.put(status, answer.statusCode());
          assertOnce(answer);
        });
    assertOnce(client.get(ATTACK));
    assertOnce(mismatch());
    provoked
        .keySet()
        .forEach(status -> assertEquals(status, statuses.get(status), statuses::toString));
  }

  @Test
  void refusals_ofTheFirewallAndOfTheGateway_areToldApart() {
    HttpResponse<String> blocked = client.get(ATTACK);
    assertEquals(403, blocked.statusCode());
    assertEquals("request-blocked", EdgeClient.problem(blocked));
    HttpResponse<String> refused = mismatch();
    assertEquals(403, refused.statusCode(), refused.body());
    assertNotEquals("request-blocked", EdgeClient.problem(refused));
  }

  @Test
  void requestId_isTheSameInProblemLogAndTrail() throws Exception {
    HttpResponse<String> refused = mismatch();
    String id = refused.headers().firstValue("x-request-id").orElseThrow();
    assertEquals(id, new JsonObject(refused.body()).getString("request_id"));
    Await.until("a line of the access log", () -> logs(id));
    Trail trail = new Trail(() -> TestNode.superuser(path.node.system));
    JsonObject event = trail.await(id, entry -> true);
    assertTrue(event.encode().contains(id), event.encode());
  }

  @Test
  void address_thatTheClientClaims_isNoFreshBucket() {
    int before = left("1.2.3.4");
    for (int i = 0; i < 5; i++) {
      left("9.9.9." + i);
    }
    int after = left("5.6.7.8");
    assertTrue(after <= before - 6, before + ", then " + after);
  }

  @Test
  void clientCertificate_thatIsProven_isNamedAndAForgedOneIsNot() throws Exception {
    String bearer = "Bearer " + alice;
    JsonObject me =
        new JsonObject(
            path.client("ops")
                .get("/api/v1/me", "Authorization", bearer, "Client-Cert", ":AAAA:")
                .body());
    assertEquals(thumbprint("ops"), me.getString("certificate_thumbprint"));
    HttpResponse<String> forged =
        client.get("/api/v1/me", "Authorization", bearer, "Client-Cert", forged());
    if (forged.statusCode() != 403) { // or the firewall refuses the attempt
      assertEquals(200, forged.statusCode(), forged.body());
      assertEquals(null, new JsonObject(forged.body()).getString("certificate_thumbprint"));
    }
    HttpResponse<String> internal =
        new EdgeClient(path.node.node.internalPort(), path.tls("ops"))
            .get("/internal/v1/me", "Client-Cert", forged(), "X-Forwarded-For", "6.6.6.6");
    assertEquals(200, internal.statusCode(), internal.body());
    String named = new JsonObject(internal.body()).getString("certificate_thumbprint");
    assertEquals(thumbprint("ops"), named);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/health/ready", "/metrics", "/admin/v1/tenants", "/console", "/internal/v1/me",
        "/%6detrics", "/x/../metrics", "/Metrics", "//internal/v1/me", "/internal%2fv1/me"
      })
  void managementPath_fromOutside_isNotThere(String target) throws IOException {
    try (RawHttp raw = open(path.edge.httpsPort(), path.tls())) {
      raw.send(
          "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n\r\n");
      int status = raw.read().status();
      assertTrue(status == 404 || status == 403, target + ": " + status);
    }
  }

  @Test
  void firstEvent_throughTheEdge_isHardlyLaterThanTheGateways() throws Exception {
    List<Long> direct = new ArrayList<>();
    List<Long> edged = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      long gateway = firstByte(path.node.node.httpPort(), path.tls("nginx"));
      long edge = firstByte(path.edge.httpsPort(), path.tls());
      if (i >= 5) {
        direct.add(gateway);
        edged.add(edge);
      }
    }
    Duration gateway = median(direct);
    Duration edge = median(edged);
    System.out.println("first byte: gateway " + gateway + ", edge " + edge);
    assertTrue(edge.minus(gateway).toMillis() < 20, gateway + " and through the edge " + edge);
  }

  private static long firstByte(int port, SSLContext tls) throws Exception {
    try (RawHttp raw = open(port, tls)) {
      raw.send(
          "GET /up/events HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\n"
              + "Accept: text/event-stream\r\n\r\n");
      HttpServerResponse response = path.events.poll(10, TimeUnit.SECONDS);
      long written = System.nanoTime();
      response.write("data: 1\n\n");
      raw.readHead();
      assertEquals("data: 1\n\n", raw.readChunk());
      long taken = System.nanoTime() - written;
      response.end();
      return taken;
    }
  }

  private static HttpResponse<String> as(String token, String method, String target, String body) {
    return body.isEmpty()
        ? client.send(method, target, BodyPublishers.noBody(), "Authorization", "Bearer " + token)
        : client.send(
            method,
            target,
            BodyPublishers.ofString(body),
            "Authorization",
            "Bearer " + token,
            "Content-Type",
            "application/json");
  }

  private static String conversation() {
    HttpResponse<String> created = as(alice, "POST", "/api/v1/conversations", "{\"title\":\"x\"}");
    assertEquals(201, created.statusCode(), created.body());
    return new JsonObject(created.body()).getString("id");
  }

  /** A member of acme that asks for globex. */
  private static HttpResponse<String> mismatch() {
    return client.get("/api/v1/me", "Authorization", "Bearer " + alice, "X-Tenant", "globex");
  }

  private static HttpResponse<String> limited() {
    String bob = path.node.token("bob");
    HttpResponse<String> answer = as(bob, "GET", "/api/v1/me", "");
    for (int i = 0; i <= USER_LIMIT && answer.statusCode() == 200; i++) {
      answer = as(bob, "GET", "/api/v1/me", "");
    }
    return answer;
  }

  /** What is left of the limit per address, asked for with a claim. */
  private static int left(String claimed) {
    String bearer = "Bearer " + alice;
    var answer = client.get("/api/v1/me", "Authorization", bearer, "X-Forwarded-For", claimed);
    String told = answer.headers().firstValue("ratelimit").orElse(answer.body());
    Matcher matcher = Pattern.compile("\"per-ip\";r=(\\d+)").matcher(told);
    assertTrue(matcher.find(), told);
    return Integer.parseInt(matcher.group(1));
  }

  private static void assertOnce(HttpResponse<String> answer) {
    for (String name : ONCE) {
      List<String> values = answer.headers().allValues(name);
      assertEquals(1, values.size(), () -> answer.statusCode() + " has " + name + ": " + values);
    }
    assertEquals(List.of("nginx"), answer.headers().allValues("server"));
  }

  private static boolean logs(String id) {
    try (Stream<String> lines = Files.lines(path.edge.accessLog())) {
      return lines.anyMatch(line -> line.contains("\"http.request.id\":\"" + id + "\""));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String thumbprint(String role) throws Exception {
    return Peer.thumbprint(der(role));
  }

  private static String forged() throws Exception {
    return ":" + java.util.Base64.getEncoder().encodeToString(der("edge")) + ":";
  }

  private static byte[] der(String role) throws Exception {
    var file = path.certificates.directory().resolve("identities/" + role + "/current/tls.crt");
    return TestTls.chain(file).iterator().next().getEncoded();
  }

  private static RawHttp open(int port, SSLContext tls) throws IOException {
    return new RawHttp(tls.getSocketFactory().createSocket("localhost", port));
  }

  private static Duration median(List<Long> values) {
    Collections.sort(values);
    return Duration.ofNanos(values.get(values.size() / 2));
  }
}
