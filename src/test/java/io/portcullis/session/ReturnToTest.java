package io.portcullis.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A login leads back to a path of this host, however hard somebody tries. */
class ReturnToTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/app",
        "/app/",
        "/app/a-b_c.d~e/1",
        "/app?tab=1&x=%20y",
        "/app?next=/other/page",
        "/app#part",
        "/app?x=1#part?y",
        "/%c3%bc",
        "/mail/someone@example.com"
      })
  void checked_pathsOfThisHost_pass(String path) {
    assertEquals(path, ReturnTo.checked(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "app",
        "//evil.test",
        "///evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "/app\\..\\..\\evil",
        "https://evil.test",
        "https:evil.test",
        "HTTPS://evil.test/app",
        "javascript:alert(1)",
        "data:text/html,x",
        "//user@evil.test",
        "http://127.0.0.1@evil.test/",
        "@evil.test",
        ".evil.test",
        " /app",
        "/ /evil.test",
        "/\t/evil.test",
        "/\n/evil.test",
        "/\r\nSet-Cookie: a=b",
        "/\u0000",
        "/app\u007f",
        "/app\u00a0",
        "/\u2215evil.test",
        "/\uff0f\uff0fevil.test",
        "/%2fevil.test",
        "/%2F%2Fevil.test",
        "/%5cevil.test",
        "/%5Cevil.test",
        "/%09/evil.test",
        "/%0d%0aSet-Cookie:a",
        "/%00",
        "/%252fevil.test",
        "/%zz",
        "/%\uff12\uff10",
        "/%2",
        "/app//evil.test",
        "/./app",
        "/../app",
        "/app/..",
        "/app/../../evil",
        "/..//evil.test",
        "/%2e%2e/evil",
        "/.%2E//evil.test",
        "/app;jsessionid=1",
        "/app\"><script>",
        "/app'><script>",
        "/app?x=<script>",
        "/app?x=\\\\evil",
        "/app#\"x",
        "/app?a=%5c"
      })
  void checked_anythingElse_isRefused(String trick) {
    Rejection refused = assertThrows(Rejection.class, () -> ReturnTo.checked(trick));
    assertEquals(Problem.INVALID_REQUEST, refused.problem());
    assertEquals("login-return-to", refused.reason());
  }

  @ParameterizedTest
  @ValueSource(ints = {1025, 100_000})
  void checked_endlessPath_isRefused(int length) {
    String path = "/" + "a".repeat(length - 1);
    assertThrows(Rejection.class, () -> ReturnTo.checked(path));
  }
}
