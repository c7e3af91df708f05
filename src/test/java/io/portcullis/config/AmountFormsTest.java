package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AmountFormsTest {
  @Test
  void duration_everyUnit_isRead() {
    Form<Duration> form = AmountForms.duration("0s", "30d");
    assertEquals(Duration.ofMillis(25), form.parse("25ms"));
    assertEquals(Duration.ofSeconds(10), form.parse("10s"));
    assertEquals(Duration.ofMinutes(5), form.parse("5m"));
    assertEquals(Duration.ofHours(1), form.parse("1h"));
    assertEquals(Duration.ofDays(30), form.parse(" 30d "));
    assertEquals(Duration.ZERO, form.parse("0ms"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "-5s", "+5s", "1.5s", "5 s", "05s", "5S", "1w", "PT5S", "1h30m"})
  void duration_otherForms_areRefused(String text) {
    Form<Duration> form = AmountForms.duration("0s", "30d");
    assertThrows(BadValueException.class, () -> form.parse(text));
  }

  @Test
  void duration_bounds_areIncluded() {
    Form<Duration> form = AmountForms.duration("1s", "1d");
    assertEquals(Duration.ofSeconds(1), form.parse("1000ms"));
    assertEquals(Duration.ofDays(1), form.parse("24h"));
    assertEquals("is too small", reason(form, "999ms"));
    assertEquals("is too large", reason(form, "86401s"));
    assertEquals("is too large", reason(form, "999999999d"));
    assertEquals("a duration from 1s to 1d", form.expected());
  }

  @Test
  void size_everyUnit_isRead() {
    Form<Long> form = AmountForms.size("0B", "2GiB");
    assertEquals(17L, form.parse("17B"));
    assertEquals(8L << 10, form.parse("8KiB"));
    assertEquals(1L << 20, form.parse("1MiB"));
    assertEquals(2L << 30, form.parse("2GiB"));
    assertEquals("is too large", reason(form, "999999999GiB"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "8KB", "8k", "8kib", "8 KiB", "1.5MiB", "-1B", "0x8B"})
  void size_otherForms_areRefused(String text) {
    assertThrows(BadValueException.class, () -> AmountForms.size("0B", "2GiB").parse(text));
  }

  @Test
  void number_withinBounds_isRead() {
    Form<Integer> form = AmountForms.number(0, 65_535);
    assertEquals(0, form.parse("0"));
    assertEquals(65_535, form.parse("65535"));
    assertEquals("is too large", reason(form, "65536"));
    assertEquals("is too large", reason(form, "4294967296"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1e3", "0x10", "0o17", "017", "1_000", "1,000", "9999999999999999999"})
  void number_otherForms_areRefused(String text) {
    assertEquals("is not a whole number", reason(AmountForms.number(0, 65_535), text));
  }

  private static String reason(Form<?> form, String text) {
    return assertThrows(BadValueException.class, () -> form.parse(text)).reason();
  }
}
