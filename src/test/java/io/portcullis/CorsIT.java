package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of other origins, at a real node and through the real Nginx and its firewall. */
@Timeout(120)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class CorsIT {
  private static final String GOOD = "Origin: " + TrickSystem.ORIGIN;
  private static final String ME = "/api/v1/me";

  private static TrickSystem system;

  @BeforeAll
  static void start() {
    system = TrickSystem.shared();
  }

  @Test
  void preflight_ofAConfiguredOrigin_isPermittedWhatThePathHas() {
    String conversation = "/api/v1/conversations/0198c0de-0000-7000-8000-000000000001";
    for (Way way : system.ways()) {
      permitted(way, ME, "GET");
      permitted(way, "/api/v1/conversations", "GET, POST");
      permitted(way, conversation, "DELETE, GET, PATCH");
      permitted(way, conversation + "/messages", "GET, POST");
      permitted(way, "/openapi.json", "GET");
      permitted(way, "/tool/v1/things", "DELETE, GET, POST");
    }
  }

  @Test
  void preflight_withTheOtherPort_isPermittedWhereThatIsConfigured() {
    for (Way way : system.ways()) {
      RawHttp.Answer answer = preflight(way, ME, "", GOOD + ":8443");
      assertEquals(204, answer.status());
      assertEquals(
          List.of(TrickSystem.ORIGIN + ":8443"), answer.headers("access-control-allow-origin"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.test",
        "null",
        "https://good.example.evil.test",
        "https://evil-good.example",
        "https://sub.good.example",
        "https://good.example:8444",
        "https://good.example:443",
        "http://good.example",
        "HTTPS://GOOD.EXAMPLE",
        "https://Good.example",
        "https://good.example.",
        "https://good.exampl\u00e9",
        "https://good.example, https://evil.test",
        "https://good.example\r\nOrigin: https://evil.test",
        "https://evil.test\r\nOrigin: https://good.example",
        "*"
      })
  void origin_thatIsNotConfigured_isToldNothing(String origin) {
    for (Way way : system.ways()) {
      RawHttp.Answer preflight = preflight(way, ME, "Authorization", "Origin: " + origin);
      assertTrue(preflight.status() == 403 || preflight.status() == 400, "" + preflight.status());
      assertEquals(List.of(), corsHeaders(preflight));
      for (String credential : List.of("", system.bearer("alice"))) {
        RawHttp.Answer actual = way.ask("GET", ME, "Origin: " + origin, credential);
        assertTrue(actual.status() < 500, way + " " + actual.status());
        assertEquals(List.of(), corsHeaders(actual), way + " " + actual.status());
      }
    }
  }

  @Test
  void preflight_ofAForeignOrigin_isAnEventOfTheTrail() {
    RawHttp.Answer refused = preflight(system.direct, ME, "", "Origin: https://evil.test");
    JsonObject event =
        system.trail().await(refused.header("x-request-id"), entry -> entry.containsKey("type"));
    assertEquals("authorization.refused", event.getString("type"));
    assertTrue(event.encode().contains("cors-origin"), event.encode());
  }

  @Test
  void answers_toAConfiguredOrigin_canBeReadWhateverTheySay() {
    String alice = system.bearer("alice");
    for (Way way : system.ways()) {
      readable(way, 200, way.ask("GET", ME, alice, GOOD));
      readable(way, 200, way.ask("GET", "/openapi.json", GOOD));
      readable(way, 401, way.ask("GET", ME, GOOD));
      readable(way, 401, way.ask("GET", ME, GOOD, "Cookie: theme=dark"));
      readable(way, 403, way.ask("GET", ME, alice, GOOD, "X-Tenant: globex"));
      readable(way, 403, way.ask("GET", "/tool/v1/operators/x", alice, GOOD));
      readable(way, 404, way.ask("GET", "/nowhere", GOOD));
      readable(way, 405, way.ask("DELETE", ME, alice, GOOD));
      readable(way, 405, way.ask("OPTIONS", ME, GOOD));
      readable(way, 500, way.ask("GET", "/up/status/500", GOOD));
      readable(way, 502, way.ask("GET", "/up/close", GOOD));
    }
  }

  @Test
  void answers_ofNginxItself_canBeReadByTheSameOrigins() {
    Way edge = system.edge;
    readable(edge, 403, edge.ask("GET", ME + "?q=%3Cscript%3Ealert(1)%3C/script%3E", GOOD));
    readable(
        edge,
        413,
        edge.ask(
            "POST",
            "/api/v1/conversations",
            GOOD,
            "Content-Type: application/json",
            "Content-Length: 2000000"));
    RawHttp.Answer foreign =
        edge.ask("GET", ME + "?q=%3Cscript%3Ealert(1)%3C/script%3E", "Origin: https://evil.test");
    assertEquals(403, foreign.status());
    assertEquals(List.of(), corsHeaders(foreign));
  }

  @Test
  void publicDocument_fromTheCache_isEachOriginsOwn() {
    for (String origin : List.of(GOOD, "Origin: https://evil.test", "", GOOD, "")) {
      RawHttp.Answer answer = system.edge.ask("GET", "/openapi.json", origin);
      assertEquals(200, answer.status());
      boolean good = origin.equals(GOOD);
      assertEquals(good ? 3 : 0, corsHeaders(answer).size(), origin + answer.lines());
    }
  }

  @Test
  void answer_withoutAnOrigin_variesAllTheSame() {
    for (Way way : system.ways()) {
      for (String target : List.of(ME, "/openapi.json", "/nowhere", "/up/status/503")) {
        RawHttp.Answer answer = way.ask("GET", target);
        assertEquals(List.of(), corsHeaders(answer));
        assertTrue(words(answer, "vary").contains("Origin"), way + target + answer.lines());
      }
    }
  }

  private static void permitted(Way way, String target, String methods) {
    RawHttp.Answer answer =
        preflight(way, target, "authorization,content-type,dpop,x-pc-csrf,x-tenant", GOOD);
    assertEquals(204, answer.status(), way + " " + target + answer.body());
    assertEquals(List.of(TrickSystem.ORIGIN), answer.headers("access-control-allow-origin"));
    assertEquals(List.of("true"), answer.headers("access-control-allow-credentials"));
    assertEquals(List.of("600"), answer.headers("access-control-max-age"));
    assertEquals(
        new TreeSet<>(List.of(methods.split(", "))), words(answer, "access-control-allow-methods"));
    Set<String> headers = words(answer, "access-control-allow-headers");
    assertTrue(
        headers.containsAll(List.of("Authorization", "Content-Type", "DPoP", "X-PC-CSRF")),
        headers.toString());
    assertEquals(5, corsHeaders(answer).size(), answer.lines().toString());
    assertTrue(words(answer, "vary").contains("Access-Control-Request-Headers"));
  }

  private static RawHttp.Answer preflight(Way way, String target, String headers, String origin) {
    return way.ask(
        "OPTIONS",
        target,
        origin,
        "Access-Control-Request-Method: PUT",
        headers.isEmpty() ? "" : "Access-Control-Request-Headers: " + headers,
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Dest: empty");
  }

  private static void readable(Way way, int status, RawHttp.Answer answer) {
    String what = way + " " + answer.status() + answer.lines() + answer.body();
    assertEquals(status, answer.status(), what);
    assertEquals(List.of(TrickSystem.ORIGIN), answer.headers("access-control-allow-origin"), what);
    assertEquals(List.of("true"), answer.headers("access-control-allow-credentials"), what);
    assertEquals(1, answer.headers("access-control-expose-headers").size(), what);
    assertTrue(words(answer, "access-control-expose-headers").contains("Retry-After"), what);
    assertTrue(words(answer, "vary").contains("Origin"), what);
  }

  private static List<String> corsHeaders(RawHttp.Answer answer) {
    return answer.lines().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("access-control-"))
        .toList();
  }

  private static Set<String> words(RawHttp.Answer answer, String name) {
    List<String> words = new ArrayList<>();
    answer.headers(name).forEach(value -> words.addAll(List.of(value.split(", *"))));
    return new TreeSet<>(words);
  }
}
