package io.portcullis.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  /** The secret of RFC 6238's appendix B in Base32, as a page would show it. */
  private final Totp totp = Totp.ofBase32("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");

  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void code_ofTheStandardsExamples_isTheirs(long second, String code) {
    assertEquals(code, totp.code(Instant.ofEpochSecond(second)));
  }

  @Test
  void next_askedTwice_isAnotherCode() {
    assertNotEquals(totp.next(), totp.next());
  }

  @Test
  void secret_thatIsNotBase32_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> Totp.ofBase32("GEZ1"));
  }
}
