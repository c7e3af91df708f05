package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.identity.PresentedToken.Scheme;
import io.portcullis.model.Rejection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresentedTokenTest {
  @Test
  void from_noHeader_empty() {
    assertEquals(Optional.empty(), PresentedToken.from(List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer abc,BEARER,abc",
    "bearer a.b-c_d~e+f/g==,BEARER,a.b-c_d~e+f/g==",
    "BEARER   x,BEARER,x",
    "DPoP abc,DPOP,abc",
    "dpop  a.b==,DPOP,a.b=="
  })
  void from_wellFormed_schemeAndToken(String value, Scheme scheme, String token) {
    assertEquals(
        Optional.of(new PresentedToken(scheme, token)), PresentedToken.from(List.of(value)));
  }

  @Test
  void toString_always_withoutTheToken() {
    assertEquals("DPoP ******", PresentedToken.from(List.of("DPoP abc")).orElseThrow().toString());
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
        "Bearer abc, Bearer abc",
        "DPoP",
        "DPoP ",
        "DPoP a b",
        "DPoP a, DPoP a"
      })
  void from_malformed_refused(String value) {
    assertEquals("authorization-malformed", reason(List.of(value)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "Basic YTpi",
        "Bearerabc",
        "DPoPabc",
        "DPo abc",
        "DPoP\tabc",
        "Bearer\tabc",
        "abc"
      })
  void from_otherScheme_refused(String value) {
    assertEquals("authorization-scheme", reason(List.of(value)));
  }

  @Test
  void from_moreThanOneHeader_refusedEvenIfEqual() {
    assertEquals("authorization-repeated", reason(List.of("Bearer a", "Bearer a")));
    assertEquals("authorization-repeated", reason(List.of("", "")));
  }

  private static String reason(List<String> values) {
    return assertThrows(Rejection.class, () -> PresentedToken.from(values)).reason();
  }
}
