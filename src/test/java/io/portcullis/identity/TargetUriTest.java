package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetUriTest {
  /** Cases of RFC 3986, sections 5.2.4, 6.2.2 and 6.2.3. */
  @ParameterizedTest
  @CsvSource({
    "http://example.com,http://example.com/",
    "http://example.com/,http://example.com/",
    "http://example.com:/,http://example.com/",
    "http://example.com:80/,http://example.com/",
    "https://example.com:80/,https://example.com:80/",
    "HTTP://www.EXAMPLE.com/a/./b/../b/%63/%7bfoo%7d,http://www.example.com/a/b/c/%7Bfoo%7D",
    "https://h/a/b/c/./../../g,https://h/a/g",
    "https://h/../../a,https://h/a",
    "https://h/a/..,https://h/",
    "https://h/a/.,https://h/a/",
    "https://h/.well-known/x,https://h/.well-known/x",
    "https://h/%2e%2E/a,https://h/a",
    "https://h/a%2fb,https://h/a%2Fb",
    "https://h/a//b,https://h/a//b",
    "https://h/%E2%82%ac,https://h/%E2%82%AC",
    "https://[2001:DB8::1]:443/a,https://[2001:db8::1]/a",
    "https://h/a?b=c/../d,https://h/a",
    "https://h?b,https://h/",
    "https://h/a#b?c,https://h/a"
  })
  void normal_spelling_theOne(String spelling, String normal) {
    assertEquals(Optional.of(normal), TargetUri.normal(spelling));
    assertEquals(Optional.of(normal), TargetUri.normal(normal), "it stays");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "h/a",
        "ftp://h/a",
        "https:///a",
        "https://h:0/",
        "https://h:65536/",
        "https://h:1x/",
        "https://u@h/",
        "https://h h/",
        "https://h/a b",
        "https://h/a\\b",
        "https://h/\u00e9",
        "https://h/%",
        "https://h/%4",
        "https://h/%zz",
        "https://h/a\n",
        "https://h%2fa/",
        "https://[::1/",
        " https://h/"
      })
  void normal_whatIsNoAddress_empty(String text) {
    assertEquals(Optional.empty(), TargetUri.normal(text));
    assertFalse(TargetUri.same(text, text), "nor is it itself");
  }

  @Test
  void normal_longestText_atOnce() {
    for (String piece : new String[] {"/..", "%41", "/.", "a", "%2e%2e/"}) {
      String text = "https://h/" + piece.repeat(8_000 / piece.length());
      assertTimeoutPreemptively(Duration.ofSeconds(2), () -> TargetUri.normal(text));
    }
    assertEquals(Optional.empty(), TargetUri.normal("https://h/" + "a".repeat(8_192)));
  }
}
