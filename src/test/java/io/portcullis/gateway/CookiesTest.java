package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.session.Sessions;
import io.vertx.core.MultiMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cookie is found by its exact name, once, or the request is refused. */
class CookiesTest {
  private static final String NAME = Sessions.COOKIE;

  @Test
  void find_amongOthers_isFound() {
    assertEquals(
        Optional.of("k1.abc_-9"),
        find("a=b; " + NAME + "-login=x; " + NAME + "=k1.abc_-9;c=\"d e\"; f"));
    assertEquals(Optional.of("k1.a"), find("a=b", NAME + "=k1.a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ";",
        "a=b",
        "__host-http-pc=k1.a",
        "x__Host-Http-pc=k1.a",
        "__Host-Http-pc",
        "__Host-Http-pc2=k1.a",
        "__Host-Http-pc =k1.a",
        "a=__Host-Http-pc=k1.a",
        "$Path=\"__Host-Http-pc=k1.a\""
      })
  void find_otherNames_areNotIt(String line) {
    assertEquals(Optional.empty(), find(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=a; %s=b",
        "=a;%s=a",
        "=; %s=a",
        "=a b",
        "=",
        "=\"a\"",
        "=a,b",
        "=a%%20",
        "=\u00e9"
      })
  void find_twoOrMalformed_isRefused(String tail) {
    String line = NAME + tail.formatted(NAME);
    Rejection refused = assertThrows(Rejection.class, () -> find(line));
    assertEquals(Problem.INVALID_REQUEST, refused.problem());
  }

  @Test
  void find_inTwoLines_isRefused() {
    assertThrows(Rejection.class, () -> find(NAME + "=a", NAME + "=a"));
  }

  private static Optional<String> find(String... lines) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (String line : lines) {
      headers.add("Cookie", line);
    }
    return Cookies.find(headers, NAME);
  }
}
