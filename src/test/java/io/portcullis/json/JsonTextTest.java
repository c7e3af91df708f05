package io.portcullis.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JsonTextTest {
  private static final JsonLimits LIMITS = new JsonLimits(4096, 8, 256, 64);

  static Stream<Arguments> accepted() {
    return Stream.of(
        Arguments.of("{}", new JsonObject()),
        Arguments.of(" \t\r\n[ ]\n", new JsonArray()),
        Arguments.of("0", 0),
        Arguments.of("-0", 0),
        Arguments.of("2147483648", 2147483648L),
        Arguments.of("-9223372036854775808", Long.MIN_VALUE),
        Arguments.of("1.5E+3", 1500.0),
        Arguments.of("0.0e-999", 0.0),
        Arguments.of("true", true),
        Arguments.of("\"a\\u0062\\n\\/\"", "ab\n/"),
        Arguments.of(
            "\"\\ud83d\\ude00 \uD83D\uDE00 é \u2028\"", "\uD83D\uDE00 \uD83D\uDE00 é \u2028"),
        Arguments.of("\"\\u0000\"", "\0"),
        Arguments.of("{\"\":null}", new JsonObject().putNull("")),
        Arguments.of(
            "{\"a\":[1,{\"b\":\"c\"}],\"A\":false}",
            new JsonObject()
                .put("a", new JsonArray(List.of(1, new JsonObject().put("b", "c"))))
                .put("A", false)));
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void parse_validText_value(String text, Object expected) {
    assertEquals(expected, JsonText.parse(text.getBytes(UTF_8), LIMITS));
    assertEquals(expected, JsonText.parse(Buffer.buffer(text), LIMITS));
  }

  @Test
  void parse_null_null() {
    assertNull(JsonText.parse("null".getBytes(UTF_8), LIMITS));
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("", "the text is empty at line 1, column 1"),
        Arguments.of(" \n ", "the text is empty at line 1, column 1"),
        Arguments.of("{\"a\": 1, \"a\": 2}", "duplicate member \"a\" at line 1, column 10"),
        Arguments.of("{\"a\":1,\n \"\\u0061\":2}", "duplicate member \"a\" at line 2, column 2"),
        Arguments.of("[{\"\\n\":1,\"\\n\":1}]", "duplicate member \"?\" at line 1, column 10"),
        Arguments.of("{} {}", "text behind the value at line 1, column 4"),
        Arguments.of("{},", "an unexpected character"),
        Arguments.of("1 2", "text behind the value at line 1, column 3"),
        Arguments.of("{}x", "an unknown word"),
        Arguments.of("[1,]", "an unexpected character"),
        Arguments.of("[,1]", "an unexpected character"),
        Arguments.of("[1 2]", "an unexpected character"),
        Arguments.of("{\"a\":1,}", "an unexpected character"),
        Arguments.of("{\"a\"}", "an unexpected character"),
        Arguments.of("{\"a\":}", "an unexpected character"),
        Arguments.of("{a:1}", "an unexpected character"),
        Arguments.of("{1:1}", "an unexpected character"),
        Arguments.of("{'a':1}", "an unexpected character"),
        Arguments.of("['a']", "an unexpected character"),
        Arguments.of("]", "an unexpected character"),
        Arguments.of("[1}", "an unexpected character"),
        Arguments.of("[1", "the text ends too early"),
        Arguments.of("{\"a\":\"b", "the text ends too early"),
        Arguments.of("\"\\", "the text ends too early"),
        Arguments.of("tru", "an unknown word"),
        Arguments.of("TRUE", "an unknown word"),
        Arguments.of("nullx", "an unknown word"),
        Arguments.of("NaN", "an unknown word"),
        Arguments.of("[Infinity]", "an unknown word"),
        Arguments.of("-Infinity", "an unknown word"),
        Arguments.of("+1", "an unexpected character"),
        Arguments.of("01", "a malformed number"),
        Arguments.of("-01", "a malformed number"),
        Arguments.of("1.", "an unexpected character"),
        Arguments.of(".5", "an unexpected character"),
        Arguments.of("1e", "the text ends too early"),
        Arguments.of("0x10", "an unexpected character"),
        Arguments.of("-", "the text ends too early"),
        Arguments.of("1e400", "a number out of range at line 1, column 1"),
        Arguments.of("[-1e99999999999]", "a number out of range at line 1, column 2"),
        Arguments.of("1e-400", "a number out of range at line 1, column 1"),
        Arguments.of("9223372036854775808", "a number out of range at line 1, column 1"),
        Arguments.of("9".repeat(65), "a number longer than 64 characters at line 1, column 1"),
        Arguments.of("0." + "1".repeat(3000), "a number longer than 64 characters"),
        Arguments.of("1e" + "1".repeat(3000), "a number longer than 64 characters"),
        Arguments.of("/* a */ 1", "an unexpected character"),
        Arguments.of("1 // a", "an unexpected character"),
        Arguments.of("# a\n1", "an unexpected character"),
        Arguments.of("\"a\nb\"", "an unescaped control character in a string"),
        Arguments.of("\"a\0b\"", "an unescaped control character in a string"),
        Arguments.of("\0", "an unexpected character"),
        Arguments.of("{}\0", "an unexpected character"),
        Arguments.of("\u00A0{}", "an unexpected character"),
        Arguments.of("\u001e{}", "an unexpected character"),
        Arguments.of("\"\\x\"", "an unknown escape"),
        Arguments.of("\"\\u12G4\"", "an unexpected character"),
        Arguments.of("\"\\ud800\"", "an escaped lone surrogate at line 1, column 1"),
        Arguments.of("\"\\ude00\\ud83d\"", "an escaped lone surrogate at line 1, column 1"),
        Arguments.of("{\"\\udc00\":1}", "an escaped lone surrogate at line 1, column 2"),
        Arguments.of("\uFEFF{}", "a byte order mark is not allowed at line 1, column 1"),
        Arguments.of("[\uFEFF1]", "an unexpected character"),
        Arguments.of("[[[[[[[[[1]]]]]]]]]", "nested deeper than 8 at line 1, column 9"),
        Arguments.of("[".repeat(4096), "nested deeper than 8 at line 1, column 9"),
        Arguments.of("{\"a\":".repeat(800), "nested deeper than 8 at line 1, column 41"),
        Arguments.of("\"" + "a".repeat(257) + "\"", "a string longer than 256 characters"),
        Arguments.of("{\"" + "a".repeat(257) + "\":1}", "a string longer than 256 characters"),
        Arguments.of("[" + "1,".repeat(64) + "1]", "more than 64 members and elements"),
        Arguments.of("[" + "[],".repeat(64) + "[]]", "more than 64 members and elements"),
        Arguments.of(" ".repeat(4096) + "1", "more than 4096 bytes"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void parse_notStrict_saysWhatAndWhere(String text, String message) {
    JsonTextException refusal =
        assertThrows(JsonTextException.class, () -> JsonText.parse(text.getBytes(UTF_8), LIMITS));
    String actual = String.valueOf(refusal.getMessage());
    assertTrue(actual.startsWith(message), actual);
    assertTrue(actual.length() < 120, actual);
    assertEquals(0, refusal.getStackTrace().length);
  }

  @ParameterizedTest
  @MethodSource("malformedUtf8")
  void parse_malformedUtf8_refused(String what, String hex, int column) {
    byte[] text = HexFormat.of().parseHex(hex);
    JsonTextException refusal =
        assertThrows(JsonTextException.class, () -> JsonText.parse(text, LIMITS), what);
    assertEquals("invalid UTF-8", refusal.problem(), what);
    assertEquals(column, refusal.column(), what);
  }

  static Stream<Arguments> malformedUtf8() {
    return Stream.of(
        Arguments.of("overlong slash, two bytes", "22c0af22", 2),
        Arguments.of("overlong quote, two bytes", "c0a2", 1),
        Arguments.of("overlong, three bytes", "22e080af22", 2),
        Arguments.of("overlong, four bytes", "22f08080af22", 2),
        Arguments.of("overlong NUL", "22c08022", 2),
        Arguments.of("high surrogate", "22eda08022", 2),
        Arguments.of("low surrogate", "22edb08022", 2),
        Arguments.of("surrogate pair, CESU-8", "22eda0bdedb88022", 2),
        Arguments.of("above U+10FFFF", "22f490808022", 2),
        Arguments.of("five bytes", "22f88880808022", 2),
        Arguments.of("lone continuation", "228022", 2),
        Arguments.of("truncated by the end", "2261c3", 3),
        Arguments.of("truncated by a quote", "22e28222", 2),
        Arguments.of("UTF-16 big endian", "feff007b007d", 1),
        Arguments.of("UTF-16 little endian", "fffe7b007d00", 1),
        Arguments.of("Latin-1", "22e922", 2));
  }

  @ParameterizedTest
  @MethodSource("otherEncodings")
  void parse_otherEncodingWithoutMark_refused(String hex) {
    byte[] text = HexFormat.of().parseHex(hex);
    assertThrows(JsonTextException.class, () -> JsonText.parse(text, LIMITS));
  }

  static Stream<String> otherEncodings() {
    return Stream.of("007b007d", "7b007d00", "0000007b0000007d", "7b0000007d000000", "efbbbf7b7d");
  }

  @Test
  void parse_malformedUtf8OnLaterLine_saysTheLine() {
    byte[] text = HexFormat.of().parseHex("5b0a0a2022ff225d");
    var refusal = assertThrows(JsonTextException.class, () -> JsonText.parse(text, LIMITS));
    assertEquals("invalid UTF-8 at line 3, column 3", refusal.getMessage());
  }

  @Test
  void parse_megabyteString_byLimits() {
    byte[] text = ("\"" + "x".repeat(1 << 20) + "\"").getBytes(UTF_8);
    var wide = new JsonLimits(2 << 20, 2, 1 << 20, 1);
    assertEquals(1 << 20, String.valueOf(JsonText.parse(text, wide)).length());
    var narrow = new JsonLimits(2 << 20, 2, (1 << 20) - 1, 1);
    assertThrows(JsonTextException.class, () -> JsonText.parse(text, narrow));
    assertThrows(JsonTextException.class, () -> JsonText.parse(Buffer.buffer(text), LIMITS));
  }

  @Test
  void parse_deepestAllowed_fitsAnyStack() throws Exception {
    byte[] text = ("[".repeat(512) + "]".repeat(512)).getBytes(UTF_8);
    var limits = new JsonLimits(4096, 512, 1, 1000);
    Thread small = new Thread(null, () -> JsonText.parse(text, limits), "small", 256 * 1024);
    var failures = new java.util.concurrent.ConcurrentLinkedQueue<Throwable>();
    small.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    small.start();
    small.join(5_000);
    assertEquals(List.of(), List.copyOf(failures));
  }

  @Test
  void parse_manyHashCollidingNames_notQuadratic() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < 1 << 14; i++) {
      StringBuilder name = new StringBuilder();
      for (int bit = 0; bit < 14; bit++) {
        name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
      }
      text.append(i == 0 ? "" : ",").append('"').append(name).append("\":1");
    }
    byte[] bytes = text.append('}').toString().getBytes(UTF_8);
    var limits = new JsonLimits(1 << 20, 2, 64, 1 << 14);
    org.junit.jupiter.api.Assertions.assertTimeout(
        java.time.Duration.ofSeconds(3), () -> JsonText.parseObject(bytes, limits));
  }

  @ParameterizedTest
  @MethodSource("notObjects")
  void parseObject_otherValue_refused(String text) {
    var refusal =
        assertThrows(
            JsonTextException.class, () -> JsonText.parseObject(text.getBytes(UTF_8), LIMITS));
    assertEquals("an object is expected at line 1, column 1", refusal.getMessage());
  }

  static Stream<String> notObjects() {
    return Stream.of("[]", "\"a\"", "1", "null", "true");
  }

  @Test
  void limits_senseless_refused() {
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(0, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 513, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 1, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> new JsonLimits(1, 1, 1, -1));
  }
}
