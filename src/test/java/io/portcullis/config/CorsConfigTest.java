package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Origins are written as browsers write them, or refused. */
class CorsConfigTest {
  @Test
  void read_nothing_isOff() {
    assertEquals(CorsConfig.OFF, Samples.section("", CorsConfig::read));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.example.com",
        "https://app.example.com:8443",
        "https://xn--bcher-kva.example",
        "https://192.0.2.7",
        "https://[2001:db8::1]:8443",
        "http://localhost:3000",
        "http://127.0.0.1"
      })
  void origin_asBrowsersWriteIt_isTaken(String origin) {
    assertEquals(origin, NetworkForms.origin().parse(origin));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "null",
        "https://*.example.com",
        "app.example.com",
        "https://app.example.com/",
        "https://app.example.com/path",
        "https://app.example.com?x",
        "https://app.example.com#x",
        "https://app.example.com:443",
        "https://app.example.com:0",
        "https://app.example.com:70000",
        "https://app.example.com:",
        "https://APP.example.com",
        "HTTPS://app.example.com",
        "https://user@app.example.com",
        "https://app.example.com.",
        "https://bücher.example",
        "https://a b.example",
        "https://127.1",
        "http://app.example.com",
        "http://localhost:80",
        "ftp://app.example.com",
        "file://",
        "https://a.example,https://b.example",
        "^https://.*$"
      })
  void origin_writtenInAnyOtherWay_isRefused(String origin) {
    assertThrows(BadValueException.class, () -> NetworkForms.origin().parse(origin));
  }

  @Test
  void problems_sayHowTheOriginIsWritten() {
    BadValueException refused =
        assertThrows(
            BadValueException.class, () -> NetworkForms.origin().parse("https://App.example:443"));
    assertTrue(refused.reason().endsWith(": https://app.example"), refused.reason());
  }

  @Test
  void headers_withAWildcard_areRefused() {
    Reading reading = Reading.of("test", Map.of());
    Section.readAll(
        reading, YamlReader.read("headers: ['*']\nexposed: ['a b']\n", reading), CorsConfig::read);
    assertEquals(2, reading.problems().size(), reading.problems().toString());
  }

  @Test
  void credentials_withoutAPublicUrl_areRefused() {
    Reading reading = Reading.of("test", Map.of());
    String text = "cors:\n  origins: [https://app.example.com]\n  credentials: true\n";
    Section.readAll(reading, YamlReader.read(text, reading), HttpConfig::read);
    List<ConfigProblem> problems = reading.problems();
    assertEquals(1, problems.size(), problems.toString());
    assertTrue(problems.toString().contains("http.public-url"), problems.toString());
  }
}
