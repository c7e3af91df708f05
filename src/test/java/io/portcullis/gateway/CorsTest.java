package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.CorsConfig;
import io.portcullis.testing.RawHttp;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser is told for a page of another origin. */
final class CorsTest {
  private static final String GOOD = "https://good.example";
  private static final int PREFLIGHTS = 40;
  private static GatewayFixture fixture;

  @BeforeAll
  static void start() throws IOException {
    fixture = fixture(true, PREFLIGHTS);
    fixture.get("/up/x"); // the first way to a service may take long on a busy machine
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void preflight_ofAConfiguredOrigin_isAnsweredFromTheConfiguration() throws IOException {
    RawHttp.Answer answer =
        preflight("/up/x", "Origin: " + GOOD, "Access-Control-Request-Headers: x-evil, x-tenant");
    assertEquals(204, answer.status());
    assertEquals("", answer.body());
    assertEquals(GOOD, answer.header("access-control-allow-origin"));
    assertEquals("true", answer.header("access-control-allow-credentials"));
    assertEquals("120", answer.header("access-control-max-age"));
    assertEquals(Set.of("GET", "POST"), words(answer, "access-control-allow-methods"));
    assertEquals(Set.of("X-Tenant", "DPoP"), words(answer, "access-control-allow-headers"));
    assertEquals(
        Set.of("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers"),
        words(answer, "vary"));
    assertEquals(List.of(), answer.headers("content-type"));
    assertEquals(5, corsHeaders(answer).size(), "nothing else: " + answer.lines());
  }

  @Test
  void preflight_forAMethodThePathLacks_isNotToldOfIt() throws IOException {
    RawHttp.Answer answer =
        fixture.raw(
            "OPTIONS /openapi.json HTTP/1.1\r\nHost: a\r\nOrigin: "
                + GOOD
                + "\r\nAccess-Control-Request-Method: DELETE\r\n\r\n");
    assertEquals(204, answer.status());
    assertEquals(Set.of("GET"), words(answer, "access-control-allow-methods"));
  }

  @Test
  void preflight_forAPrivateNetwork_isNotPermittedIt() throws IOException {
    RawHttp.Answer answer =
        preflight("/up/x", "Origin: " + GOOD, "Access-Control-Request-Private-Network: true");
    assertEquals(List.of(), answer.headers("access-control-allow-private-network"));
  }

  @Test
  void preflight_ofNoPath_isNotFound() throws IOException {
    RawHttp.Answer unknown = preflight("/nowhere", "Origin: " + GOOD);
    assertEquals(404, unknown.status());
    assertEquals(GOOD, unknown.header("access-control-allow-origin"));
    assertEquals(List.of(), unknown.headers("access-control-allow-methods"));
    assertEquals(400, preflight("/up//x", "Origin: " + GOOD).status());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "https://good.example.evil.test",
        "https://evilgood.example",
        "https://sub.good.example",
        "http://good.example",
        "https://good.example:8443",
        "https://good.example:443",
        "https://good.example/",
        "https://good.example.",
        "HTTPS://GOOD.EXAMPLE",
        "https://Good.example",
        "https://good.example https://evil.example",
        "https://good.example, https://evil.example",
        "https://user@good.example",
        "https://good.example%00.evil.test",
        "good.example",
        "*",
        ""
      })
  void origin_thatIsNotConfigured_getsNoHeader(String origin) throws IOException {
    RawHttp.Answer preflight = preflight("/up/x", "Origin: " + origin);
    assertEquals(403, preflight.status());
    assertTrue(preflight.body().contains("problems/forbidden"), preflight.body());
    assertEquals(List.of(), corsHeaders(preflight));
    RawHttp.Answer actual = fixture.get("/up/x", "Origin: " + origin);
    assertEquals(200, actual.status(), "who is no browser may say what it likes");
    assertEquals(List.of(), corsHeaders(actual));
    assertEquals("Origin", actual.header("vary"));
  }

  @Test
  void origins_ofWhichThereAreSeveral_getNoHeader() throws IOException {
    for (String other : List.of(GOOD, "https://evil.example")) {
      for (List<String> pair : List.of(List.of(GOOD, other), List.of(other, GOOD))) {
        String[] lines = pair.stream().map(origin -> "Origin: " + origin).toArray(String[]::new);
        assertEquals(List.of(), corsHeaders(fixture.get("/up/x", lines)));
        assertEquals(403, preflight("/up/x", lines).status());
      }
    }
  }

  @Test
  void answers_ofEveryKind_canBeReadByTheConfiguredOrigin() throws IOException {
    String origin = "Origin: " + GOOD;
    assertReadable(200, fixture.get("/up/x", origin));
    assertReadable(200, fixture.get("/openapi.json", origin));
    assertReadable(404, fixture.get("/nowhere", origin));
    assertReadable(400, fixture.get("/up/%2e", origin));
    assertReadable(502, fixture.get("/away/x", origin));
    assertReadable(500, fixture.get("/up/500", origin));
    assertReadable(405, fixture.raw("PUT /up/x HTTP/1.1\r\nHost: a\r\n" + origin + "\r\n\r\n"));
    assertReadable(405, fixture.raw("OPTIONS /up/x HTTP/1.1\r\nHost: a\r\n" + origin + "\r\n\r\n"));
  }

  @Test
  void answer_withoutAnOrigin_variesAllTheSame() throws IOException {
    for (String target : List.of("/up/x", "/openapi.json", "/nowhere", "/away/x")) {
      RawHttp.Answer answer = fixture.get(target);
      assertEquals("Origin", answer.header("vary"), target);
      assertEquals(List.of(), corsHeaders(answer));
    }
  }

  @Test
  void service_thatAllowsOrigins_isNotHeard() throws IOException {
    RawHttp.Answer foreign = fixture.get("/up/open", "Origin: https://evil.example");
    assertEquals(List.of(), corsHeaders(foreign));
    assertEquals("Origin, Accept-Language", foreign.header("vary"));
    assertReadable(200, fixture.get("/up/open", "Origin: " + GOOD));
  }

  @Test
  void preflights_ofNoPath_countLikeOthers() throws IOException {
    try (GatewayFixture other = fixture(false, 2)) {
      for (int status : List.of(404, 404, 429)) {
        RawHttp.Answer answer =
            other.raw(
                "OPTIONS /nowhere HTTP/1.1\r\nHost: a\r\nOrigin: "
                    + GOOD
                    + "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
        assertEquals(status, answer.status());
      }
    }
  }

  @Test
  void preflights_beyondTheLimitOfAnAddress_are429() throws IOException {
    try (GatewayFixture other = fixture(false, 2)) {
      for (int status : List.of(204, 204, 429)) {
        RawHttp.Answer answer =
            other.raw(
                "OPTIONS /up/x HTTP/1.1\r\nHost: a\r\nOrigin: "
                    + GOOD
                    + "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
        assertEquals(status, answer.status());
        assertEquals(List.of(), answer.headers("access-control-allow-credentials"));
        assertEquals(status == 429, !answer.headers("retry-after").isEmpty());
      }
      assertEquals(200, other.get("/up/x", "Origin: " + GOOD).status());
    }
  }

  @Test
  void cors_switchedOff_saysNothing() throws IOException {
    try (GatewayFixture off = GatewayFixture.start(CorsTest::upstream)) {
      RawHttp.Answer actual = off.get("/up/x", "Origin: " + GOOD);
      assertEquals(List.of(), corsHeaders(actual));
      assertEquals(List.of(), actual.headers("vary"));
      assertEquals(List.of(), actual.headers("strict-transport-security"), "no https is known of");
      RawHttp.Answer preflight =
          off.raw(
              "OPTIONS /up/x HTTP/1.1\r\nHost: a\r\nOrigin: "
                  + GOOD
                  + "\r\nAccess-Control-Request-Method: GET\r\n\r\n");
      assertEquals(405, preflight.status());
      assertEquals(List.of(), corsHeaders(preflight));
    }
  }

  private static void assertReadable(int status, RawHttp.Answer answer) {
    assertEquals(status, answer.status(), answer.body());
    assertEquals(List.of(GOOD), answer.headers("access-control-allow-origin"));
    assertEquals(List.of("true"), answer.headers("access-control-allow-credentials"));
    assertEquals(Set.of("ETag", "Retry-After"), words(answer, "access-control-expose-headers"));
    assertEquals(1, answer.headers("vary").size());
    assertEquals(1, answer.headers("strict-transport-security").size());
  }

  private static RawHttp.Answer preflight(String target, String... lines) throws IOException {
    return fixture.raw(
        "OPTIONS "
            + target
            + " HTTP/1.1\r\nHost: a\r\nAccess-Control-Request-Method: POST\r\n"
            + String.join("\r\n", lines)
            + "\r\n\r\n");
  }

  private static List<String> corsHeaders(RawHttp.Answer answer) {
    return answer.lines().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("access-control-"))
        .toList();
  }

  private static Set<String> words(RawHttp.Answer answer, String name) {
    return new TreeSet<>(List.of(answer.header(name).split(", ")));
  }

  private static GatewayFixture fixture(boolean credentials, int preflights) {
    return GatewayFixture.start(
        CorsTest::upstream,
        "https://api.example",
        new CorsConfig(
            Set.of(GOOD),
            Set.of("GET", "POST", "DELETE"),
            Set.of("X-Tenant", "DPoP"),
            Set.of("ETag", "Retry-After"),
            credentials,
            Duration.ofMinutes(2),
            preflights));
  }

  private static void upstream(HttpServerRequest request) {
    if (request.path().equals("/up/open")) {
      request
          .response()
          .putHeader("access-control-allow-origin", "*")
          .putHeader("Access-Control-Allow-Credentials", "no")
          .putHeader("access-control-expose-headers", "*")
          .putHeader("vary", "Accept-Language");
    }
    request.response().setStatusCode(request.path().equals("/up/500") ? 500 : 200).end("body");
  }
}
