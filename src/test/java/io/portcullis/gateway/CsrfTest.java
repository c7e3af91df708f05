package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser sends of itself, told from what a foreign page can make it send. */
class CsrfTest {
  private static final String OURS = "https://api.example.com";
  private static final String FRIEND = "https://app.example.com";

  private final Csrf csrf = new Csrf(OURS, FRIEND::equals);

  static Stream<Arguments> forged() {
    return Stream.of(
        Arguments.of("nothing at all", "csrf-origin", headers()),
        Arguments.of(
            "a form of another site", "csrf-origin", from("https://evil.test", "cross-site")),
        Arguments.of("a script of another site", "csrf-origin", script("https://evil.test")),
        Arguments.of("a sandbox", "csrf-origin", script("null")),
        Arguments.of(
            "a name that ends as ours", "csrf-origin", script("https://evil-api.example.com")),
        Arguments.of("a name that begins as ours", "csrf-origin", script(OURS + ".evil.test")),
        Arguments.of("another port", "csrf-origin", script(OURS + ":8443")),
        Arguments.of("plain HTTP", "csrf-origin", script("http://api.example.com")),
        Arguments.of("a slash too many", "csrf-origin", script(OURS + "/")),
        Arguments.of("two origins", "csrf-origin", script(OURS).add("Origin", "https://evil.test")),
        Arguments.of("no origin", "csrf-origin", headers("Sec-Fetch-Site", "same-origin")),
        Arguments.of("a sibling host", "csrf-site", from(OURS, "same-site")),
        Arguments.of("the address bar", "csrf-site", from(OURS, "none")),
        Arguments.of("another site that says it is us", "csrf-site", from(OURS, "cross-site")),
        Arguments.of(
            "two words", "csrf-site", from(OURS, "same-origin").add("Sec-Fetch-Site", "x")),
        Arguments.of("our form without the header", "csrf-header", from(OURS, "same-origin")),
        Arguments.of("another value", "csrf-header", script(OURS).set("X-PC-CSRF", "0")),
        Arguments.of("twice", "csrf-header", script(OURS).add("X-PC-CSRF", "1")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("forged")
  void check_whatAForeignPageCanSend_isRefused(String what, String reason, MultiMap headers) {
    Rejection refused = assertThrows(Rejection.class, () -> csrf.check(HttpMethod.POST, headers));
    assertEquals(Problem.FORBIDDEN, refused.problem());
    assertEquals(reason, refused.reason());
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "LINK"})
  void check_unsafeMethods_needAllOfIt(String method) {
    HttpMethod unsafe = HttpMethod.valueOf(method);
    assertThrows(Rejection.class, () -> csrf.check(unsafe, headers()));
    assertDoesNotThrow(() -> csrf.check(unsafe, script(OURS)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS"})
  void check_safeMethods_needNothing(String method) {
    assertDoesNotThrow(() -> csrf.check(HttpMethod.valueOf(method), headers()));
  }

  @Test
  void check_browserWithoutFetchMetadata_passesByItsOrigin() {
    assertDoesNotThrow(
        () -> csrf.check(HttpMethod.POST, headers("Origin", OURS, "X-PC-CSRF", "1")));
  }

  @Test
  void check_originThatMayUseSessions_passes() {
    assertDoesNotThrow(
        () ->
            csrf.check(
                HttpMethod.POST,
                headers("Origin", FRIEND, "Sec-Fetch-Site", "same-site", "X-PC-CSRF", "1")));
  }

  @Test
  void checkForm_onlyOfOurOwnPage_passes() {
    assertDoesNotThrow(() -> csrf.checkForm(from(OURS, "same-origin")));
    assertThrows(Rejection.class, () -> csrf.checkForm(headers("Origin", OURS)));
    assertThrows(Rejection.class, () -> csrf.checkForm(from(FRIEND, "same-site")));
    assertThrows(Rejection.class, () -> csrf.checkForm(from(FRIEND, "same-origin")));
    assertThrows(Rejection.class, () -> csrf.checkForm(from("https://evil.test", "cross-site")));
  }

  @Test
  void check_withoutAnOriginOfOurOwn_nothingPasses() {
    Csrf unknown = new Csrf("", origin -> false);
    assertThrows(Rejection.class, () -> unknown.check(HttpMethod.POST, script("")));
    assertThrows(Rejection.class, () -> unknown.check(HttpMethod.POST, script(OURS)));
  }

  private static MultiMap from(String origin, String site) {
    return headers("Origin", origin, "Sec-Fetch-Site", site);
  }

  private static MultiMap script(String origin) {
    return from(origin, "same-origin").add("X-PC-CSRF", "1");
  }

  private static MultiMap headers(String... pairs) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < pairs.length; i += 2) {
      headers.add(pairs[i], pairs[i + 1]);
    }
    return headers;
  }
}
