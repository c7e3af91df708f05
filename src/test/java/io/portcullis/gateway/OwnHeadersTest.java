package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.OpenApiContract;
import io.portcullis.testing.RawHttp;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each header is on an answer once and is ours where it is ours to say, whatever a service sends.
 */
final class OwnHeadersTest {
  private static final OpenApiContract CONTRACT = new OpenApiContract();

  /** What a browser may do with an answer. */
  private static final Map<String, String> OURS =
      Map.of(
          "x-content-type-options", "nosniff",
          "x-frame-options", "DENY",
          "referrer-policy", "no-referrer",
          "cross-origin-opener-policy", "same-origin",
          "cross-origin-resource-policy", "same-origin",
          "content-security-policy", "default-src 'none'; .*frame-ancestors 'none'",
          "permissions-policy", "accelerometer=\\(\\), .*");

  private static GatewayFixture fixture;

  @BeforeAll
  static void start() {
    fixture = GatewayFixture.start(OwnHeadersTest::upstream, 1000, 1000, 8);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void answer_ofEveryStatus_hasEachHeaderOnce() throws IOException {
    for (int status : List.of(200, 204, 301, 304, 400, 404, 500, 503)) {
      RawHttp.Answer answer = fixture.get("/up/" + status);
      assertEquals(status, answer.status());
      assertOnce(answer);
      assertEquals("kept", answer.header("x-own"));
      assertFalse(answer.header("date").contains("2001"), "the date is ours");
      for (String name :
          List.of(
              "server",
              "x-powered-by",
              "ratelimit",
              "set-cookie",
              "via",
              "x-hop",
              "upgrade",
              "strict-transport-security",
              "access-control-allow-origin",
              "clear-site-data",
              "x-xss-protection")) {
        assertEquals(List.of(), answer.headers(name), name + " is not the service's to say");
      }
    }
  }

  @Test
  void answer_ofTheGatewayItself_hasEachHeaderOnce() throws IOException {
    assertOnce(fixture.get("/nowhere"));
    assertOnce(fixture.get("/away/x"));
    assertOnce(fixture.get("/openapi.json"));
    assertOnce(fixture.raw("DELETE /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"));
    assertOnce(fixture.raw("GET /openapi.json HTTP/1.1\r\n\r\n"));
    assertOnce(fixture.get("/openapi.json", "Expect: x"));
  }

  @Test
  void openapi_withItsTag_is304() throws IOException {
    RawHttp.Answer whole = fixture.get("/openapi.json");
    check("GET", whole);
    String tag = whole.header("etag");
    for (String header : List.of(tag, "W/" + tag, "\"x\", " + tag, "*")) {
      RawHttp.Answer answer = fixture.get("/openapi.json", "If-None-Match: " + header);
      assertEquals(304, answer.status(), header);
      assertEquals(tag, answer.header("etag"));
      assertEquals(whole.header("cache-control"), answer.header("cache-control"));
      assertOnce(answer);
      check("GET", answer);
    }
    for (String header : List.of("\"x\"", tag.substring(1), "W/")) {
      assertEquals(200, fixture.get("/openapi.json", "If-None-Match: " + header).status());
    }
  }

  @Test
  void openapi_head_isTheHeadOfGet() throws IOException {
    RawHttp.Answer whole = fixture.get("/openapi.json");
    try (RawHttp connection = fixture.open()) {
      connection.send("HEAD /openapi.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      String rest = connection.rest();
      List<String> lines = new ArrayList<>(List.of(rest.split("\r\n", -1)));
      assertEquals("HTTP/1.1 200 OK", lines.removeFirst());
      assertTrue(rest.endsWith("\r\n\r\n"), "no content");
      lines.removeIf(String::isEmpty);
      RawHttp.Answer head = new RawHttp.Answer(200, lines, "", true);
      assertOnce(head);
      check("HEAD", head);
      for (String name : List.of("etag", "cache-control", "content-type", "content-length")) {
        assertEquals(whole.header(name), head.header(name));
      }
    }
    RawHttp.Answer other = fixture.raw("HEAD /up/200 HTTP/1.1\r\nHost: a\r\n\r\n");
    assertEquals(405, other.status(), "a route has the methods it names");
  }

  @Test
  void answer_ofAService_isStoredOnlyIfTheServiceSaysSo() throws IOException {
    assertEquals("no-store", fixture.get("/up/200").header("cache-control"));
    assertEquals("max-age=60", fixture.get("/up/200?stored").header("cache-control"));
    assertEquals("no-store", fixture.get("/nowhere").header("cache-control"));
    assertTrue(fixture.get("/openapi.json").header("cache-control").startsWith("public"));
  }

  private static void check(String method, RawHttp.Answer answer) {
    Map<String, List<String>> headers = new TreeMap<>();
    names(answer).forEach(name -> headers.put(name, answer.headers(name)));
    CONTRACT.check(method, "/openapi.json", answer.status(), headers, answer.body());
  }

  private static void assertOnce(RawHttp.Answer answer) {
    List<String> names = names(answer);
    assertEquals(new HashSet<>(names).size(), names.size(), names + " of " + answer.status());
    OURS.forEach((name, value) -> assertTrue(answer.header(name).matches(value), name));
    assertFalse(answer.header("cache-control").isEmpty());
    assertTrue(answer.header("x-request-id").length() >= 8, answer.header("x-request-id"));
    assertTrue(answer.header("date").endsWith(" GMT"));
  }

  private static List<String> names(RawHttp.Answer answer) {
    return answer.lines().stream()
        .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
        .toList();
  }

  private static void upstream(HttpServerRequest request) {
    int status = Integer.parseInt(request.path().substring("/up/".length()));
    HttpServerResponse response = request.response();
    OURS.keySet()
        .forEach(name -> response.headers().add(name, "of the service").add(name, "twice"));
    response.headers().add("strict-transport-security", "max-age=0").add("clear-site-data", "*");
    response.headers().add("access-control-allow-origin", "*").add("x-xss-protection", "1");
    response.headers().add("content-type", "text/plain");
    response.headers().add("content-type", "text/html");
    if ("stored".equals(request.query())) {
      response.putHeader("cache-control", "max-age=60");
    }
    response
        .setStatusCode(status)
        .putHeader("server", "secret/1.0")
        .putHeader("x-powered-by", "secret")
        .putHeader("via", "1.1 secret")
        .putHeader("upgrade", "h2c")
        .putHeader("X-Request-ID", "forged")
        .putHeader("date", "Mon, 01 Jan 2001 00:00:00 GMT")
        .putHeader("ratelimit", "\"a\";r=1")
        .putHeader("ratelimit-policy", "\"a\";q=1")
        .putHeader("set-cookie", "a=b")
        .putHeader("connection", "x-hop, x-request-id, x-content-type-options, date")
        .putHeader("x-hop", "1")
        .putHeader("x-own", "kept")
        .end(status == 204 || status == 304 ? "" : "body");
  }
}
