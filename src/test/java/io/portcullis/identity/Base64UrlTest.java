package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Base64UrlTest {
  @Test
  void decode_whatTheJdkEncodes_sameBytes() {
    Random random = new Random(42);
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      String text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
      assertArrayEquals(bytes, Base64Url.decode(text).orElseThrow());
    }
  }

  @Test
  void decode_everyTwoCharacterText_oneTextPerByte() {
    int accepted = 0;
    for (char first = 0; first < 300; first++) {
      for (char second = 0; second < 300; second++) {
        accepted += Base64Url.decode("" + first + second).isPresent() ? 1 : 0;
      }
    }
    assertEquals(256, accepted);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A", "AB", "AAB", "AA==", "AA A", "AA\n", "+A", "/A", "é", "AAAAA", "="})
  void decode_notCanonical_empty(String text) {
    assertTrue(Base64Url.decode(text).isEmpty());
  }
}
