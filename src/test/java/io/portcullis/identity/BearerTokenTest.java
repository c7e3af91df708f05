package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Rejection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BearerTokenTest {
  @Test
  void from_noHeader_empty() {
    assertEquals(Optional.empty(), BearerToken.from(List.of()));
  }

  @ParameterizedTest
  @CsvSource({"Bearer abc,abc", "bearer a.b-c_d~e+f/g==,a.b-c_d~e+f/g==", "BEARER   x,x"})
  void from_wellFormed_token(String value, String token) {
    assertEquals(Optional.of(token), BearerToken.from(List.of(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer",
        "Bearer ",
        "Bearer =",
        "Bearer a b",
        "Bearer a,b",
        "Bearer a=b",
        "Bearer \"a\"",
        "Bearer a\t",
        "Bearer é",
        "Bearer a;b",
        "Bearer a\0",
        "Bearer abc, Bearer abc"
      })
  void from_malformed_refused(String value) {
    assertEquals("authorization-malformed", reason(List.of(value)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "Basic YTpi", "Bearerabc", "DPoP abc", "Bearer\tabc", "abc"})
  void from_otherScheme_refused(String value) {
    assertEquals("authorization-scheme", reason(List.of(value)));
  }

  @Test
  void from_moreThanOneHeader_refusedEvenIfEqual() {
    assertEquals("authorization-repeated", reason(List.of("Bearer a", "Bearer a")));
    assertEquals("authorization-repeated", reason(List.of("", "")));
  }

  private static String reason(List<String> values) {
    return assertThrows(Rejection.class, () -> BearerToken.from(values)).reason();
  }
}
