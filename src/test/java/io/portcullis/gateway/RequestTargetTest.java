package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestTargetTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/api/v1/me", "/a-b_c~d/e.f", "/a/...", "/caf%C3%A9", "/a:b@c/d=e,f"})
  void path_withOneReading_isKept(String path) {
    assertEquals(path, RequestTarget.path(path + "?x=1"));
  }

  @ParameterizedTest
  @CsvSource({
    "'', target-form",
    "*, target-form",
    "http://host/api, target-form",
    "//api, path-empty-segment",
    "/api//v1, path-empty-segment",
    "/api/v1/, path-empty-segment",
    "/api/%61dmin, path-escape",
    "/api/./v1, path-dot-segment",
    "/api/../v1, path-dot-segment",
    "/api/.., path-dot-segment",
    "/api/., path-dot-segment",
    "/api/v1;x=1, path-character",
    "/api\\v1, path-character",
    "/api/v1#x, path-character",
    "/api/é, path-character",
    "/api/%2e%2e/v1, path-escape",
    "/api%2fv1, path-escape",
    "/api%5cv1, path-escape",
    "/api/%00, path-escape",
    "/api/%0d%0a, path-escape",
    "/api/%252e, path-escape",
    "/api/%3bx, path-escape",
    "/api/%, path-escape",
    "/api/%4, path-escape",
    "/api/%zz, path-escape",
    "/api/%c0%af, path-encoding",
    "/api/%ff, path-encoding",
    "/api/%ed%a0%80, path-encoding"
  })
  void path_withSeveralReadings_isRefused(String target, String reason) {
    assertRefused(reason, () -> RequestTarget.path(target));
  }

  @Test
  void query_isDecoded() {
    assertEquals(
        Map.of("limit", "5", "q", "a b&c", "flag", ""),
        RequestTarget.query("limit=5&q=a+b%26c&flag"));
    assertEquals(Map.of(), RequestTarget.query(null));
  }

  @ParameterizedTest
  @CsvSource({
    "a=1&a=2, query-repeated",
    "a=1&%61=2, query-repeated",
    "=1, query-name",
    "a=1&&b=2, query-name",
    "a=%, query-escape",
    "a=%00, query-escape",
    "a=%ff, query-encoding",
    "a=é, query-character"
  })
  void query_thatIsAmbiguous_isRefused(String query, String reason) {
    assertRefused(reason, () -> RequestTarget.query(query));
  }

  @Test
  void query_withTooManyParameters_isRefused() {
    StringBuilder query = new StringBuilder("p=1");
    for (int i = 0; i < 40; i++) {
      query.append("&p").append(i).append("=1");
    }
    assertRefused("query-size", () -> RequestTarget.query(query.toString()));
  }

  @Test
  void anyText_isReadOrRefused_neverAnythingElse() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String alphabet = "/%.;2eEfF0+&=?é\\ab\u0000\u007f ";
    for (int round = 0; round < 20_000; round++) {
      StringBuilder text = new StringBuilder("/");
      int length = random.nextInt(24);
      for (int i = 0; i < length; i++) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      try {
        RequestTarget.path(text.toString());
        RequestTarget.query(text.substring(1));
      } catch (Rejection expected) {
        assertEquals(Problem.INVALID_REQUEST, expected.problem(), () -> "seed " + seed);
      }
    }
  }

  private static void assertRefused(String reason, Runnable reading) {
    Rejection refused = assertThrows(Rejection.class, reading::run);
    assertEquals(reason, refused.reason());
    assertEquals(Problem.INVALID_REQUEST, refused.problem());
  }
}
