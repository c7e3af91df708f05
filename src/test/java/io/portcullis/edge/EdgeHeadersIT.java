package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
final class EdgeHeadersIT {
  private static final String TWO_LENGTHS =
      String.join(
          "\r\n",
          "POST / HTTP/1.1",
          "Host: localhost",
          "Content-Length: 3",
          "Transfer-Encoding: chunked",
          "",
          "0",
          "",
          "");

  /** What every answer carries over TLS; a pattern each. */
  private static final Map<String, String> ONCE =
      new TreeMap<>(
          Map.of(
              "strict-transport-security", "max-age=63072000; includeSubDomains",
              "content-security-policy", "default-src 'none'; .*",
              "permissions-policy", "accelerometer=\\(\\), .*",
              "referrer-policy", "no-referrer",
              "cross-origin-opener-policy", "same-origin",
              "cross-origin-resource-policy", "same-origin",
              "x-content-type-options", "nosniff",
              "x-frame-options", "DENY",
              "x-request-id", "[0-9a-f]{32}",
              "server", "nginx"));

  private final EdgeSystem edge = EdgeSystem.shared();
  private final EdgeClient client = edge.client();

  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 413, 429, 500, 502, 503})
  void answers_ofAnUpstreamThatSaysItAllTwice_carryEachHeaderOnce(int status) {
    edge.gateway().answer(request -> duplicating(request, status));
    HttpResponse<String> answer = client.get("/api/v1/me");
    assertEquals(status, answer.statusCode());
    assertOnce(answer.headers());
    assertTrue(answer.headers().allValues("x-powered-by").isEmpty());
    assertTrue(answer.headers().allValues("via").isEmpty());
    assertEquals(List.of("kept"), answer.headers().allValues("x-of-the-upstream"));
  }

  @Test
  void answers_ofNginxItself_carryEachHeaderOnceAndAreProblems() throws IOException {
    HttpResponse<String> management = client.get("/metrics");
    boolean judged = management.statusCode() == 403; // the firewall may know these paths, too
    assertProblem(management, judged ? 403 : 404, judged ? "request-blocked" : "not-found");
    assertProblem(
        client.get("/api/v1/me?q=%3Cscript%3Ealert(1)%3C/script%3E"), 403, "request-blocked");
    assertProblem(client.get("/" + "a".repeat(9000)), 414, "invalid-request");
    EdgeClient plain = EdgeClient.http1(edge.edge().httpsPort(), edge.context());
    assertProblem(plain.get("/", "x-large", "a".repeat(13_000)), 431, "invalid-request");
    assertProblem(client.post("/", "[" + "1,".repeat(600_000) + "1]"), 413, "payload-too-large");
    edge.gateway().answer(request -> request.connection().close());
    assertProblem(client.post("/api/v1/conversations", "{}"), 502, "upstream-failed");
  }

  @Test
  void answers_toWhatIsNoHttp_areProblemsToo() throws IOException {
    Map<String, Integer> requests =
        Map.of(
            "NONSENSE\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nHost: local host\r\n\r\n",
            400,
            "GET / HTTP/1.1\r\nHost: localhost\r\nX : 1\r\n\r\n",
            400,
            "GET / HTTP/7.1\r\nHost: localhost\r\n\r\n",
            505,
            "GET /" + "a".repeat(30_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
            414,
            TWO_LENGTHS,
            400);
    for (Map.Entry<String, Integer> request : requests.entrySet()) {
      try (RawHttp raw = edge.raw()) {
        raw.send(request.getKey());
        RawHttp.Answer answer = raw.read();
        assertEquals(request.getValue(), answer.status(), request.getKey());
        for (String name : ONCE.keySet()) {
          assertEquals(1, answer.headers(name).size(), request.getKey() + name);
        }
        assertEquals("application/problem+json", answer.header("content-type"));
        assertTrue(
            answer.body().endsWith("\"request_id\":\"" + answer.header("x-request-id") + "\"}"),
            answer.body());
      }
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  @Test
  void plainHttp_onTheTlsPort_isAProblem() throws IOException {
    try (RawHttp raw = new RawHttp(edge.edge().httpsPort())) {
      raw.send("GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n");
      RawHttp.Answer answer = raw.read();
      assertEquals(400, answer.status());
      assertPlain(answer);
      assertEquals("application/problem+json", answer.header("content-type"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/auth/login", "/auth/login?tenant=acme&return_to=%2Fx"})
  void plainHttp_ofWhatPeopleType_leadsToHttps(String target) throws IOException {
    for (String method : List.of("GET", "HEAD")) {
      RawHttp.Answer answer = plainly(method, target);
      assertEquals(301, answer.status());
      assertEquals(
          "https://localhost:" + edge.edge().httpsPort() + target, answer.header("location"));
      assertPlain(answer);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /api/v1/me",
        "HEAD /api/v1/me",
        "DELETE /api/v1/conversations/1",
        "POST /ai/v1/chat/completions",
        "GET /ws/chat",
        "GET /internal/v1/me",
        "GET /auth/callback?code=c&state=s",
        "POST /auth/logout",
        "POST /auth/login",
        "POST /",
        "GET /auth/login/x",
        "GET /openapi.json",
        "GET /.problem"
      })
  void plainHttp_ofAnythingElse_isRefused(String line) throws IOException {
    String[] words = line.split(" ", 2);
    RawHttp.Answer answer = plainly(words[0], words[1]);
    assertEquals(line.endsWith(".problem") ? 404 : 400, answer.status());
    assertEquals(List.of(), answer.headers("location"));
    assertEquals("application/problem+json", answer.header("content-type"));
    assertPlain(answer);
    if (answer.status() == 400 && !words[0].equals("HEAD")) {
      assertTrue(answer.body().contains("problems/invalid-request"), answer.body());
      assertTrue(answer.body().contains("only answered over https"), answer.body());
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  private RawHttp.Answer plainly(String method, String target) throws IOException {
    try (RawHttp raw = new RawHttp(edge.edge().httpPort())) {
      raw.send(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return method.equals("HEAD") ? raw.readHead() : raw.read();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "localhost.evil.example", "127.0.0.2"})
  void hosts_thatAreNotServedHere_areSentNowhere(String host) throws IOException {
    for (RawHttp connection : List.of(new RawHttp(edge.edge().httpPort()), edge.rawWithoutName())) {
      try (RawHttp raw = connection) {
        raw.send("GET /x HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        RawHttp.Answer answer = raw.read();
        assertEquals(421, answer.status());
        assertEquals(List.of(), answer.headers("location"));
        assertTrue(answer.body().contains("problems/invalid-request"), answer.body());
      }
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String problem) {
    assertEquals(status, answer.statusCode(), answer.body());
    assertEquals(problem, EdgeClient.problem(answer));
    assertOnce(answer.headers());
    assertEquals(List.of("no-store"), answer.headers().allValues("cache-control"));
    String id = answer.headers().firstValue("x-request-id").orElseThrow();
    assertTrue(answer.body().contains("\"request_id\":\"" + id + "\""), answer.body());
    assertFalse(answer.body().contains("nginx"), answer.body());
  }

  private static void assertOnce(HttpHeaders headers) {
    ONCE.forEach(
        (name, pattern) -> {
          List<String> values = headers.allValues(name);
          assertEquals(1, values.size(), () -> name + " in " + headers.map());
          assertTrue(values.getFirst().matches(pattern), () -> name + ": " + values);
        });
  }

  /** As over TLS, but for the header that means nothing there (RFC 6797, section 7.2). */
  private static void assertPlain(RawHttp.Answer answer) {
    for (String name : ONCE.keySet()) {
      int times = name.equals("strict-transport-security") ? 0 : 1;
      assertEquals(times, answer.headers(name).size(), name);
    }
  }

  private static void duplicating(HttpServerRequest request, int status) {
    var response = request.response().setStatusCode(status);
    for (String name : ONCE.keySet()) {
      response.headers().add(name, "of the upstream").add(name, "twice");
    }
    response.headers().add("X-Powered-By", "x").add("Via", "x").add("X-Of-The-Upstream", "kept");
    if (status == 301) {
      response.putHeader("location", "https://localhost/elsewhere");
    }
    response.end();
  }
}
