package io.portcullis.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeySegmentTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "6f1c9a52-93ab-4a9e-9c2d-0d3b3f0a1b2c", "a.b_c@d-E9", "-"})
  void of_plainName_keepsIt(String name) {
    assertEquals(name, KeySegment.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a:b", "}x{", "a b", "ä", "~abc", "a\r\nDEL x", "\0"})
  void of_anythingElse_isHashed(String name) {
    String segment = KeySegment.of(name);
    assertTrue(segment.matches("~[A-Za-z0-9_-]{22}"), segment);
  }

  @Test
  void of_longName_isBounded() {
    assertEquals(23, KeySegment.of("x".repeat(65)).length());
    assertNotEquals(KeySegment.of("x".repeat(65)), KeySegment.of("x".repeat(66)));
  }

  @Test
  void of_randomNames_neverLeaveTheAlphabet() {
    long seed = System.nanoTime();
    System.err.println("seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      StringBuilder name = new StringBuilder();
      for (int n = random.nextInt(80); n > 0; n--) {
        name.append((char) random.nextInt(0x300));
      }
      assertTrue(KeySegment.of(name.toString()).matches("~?[A-Za-z0-9._@-]{1,64}"));
    }
  }
}
