package io.portcullis.model;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LevelTest {
  @Test
  void reaches_numbers_compareAsNumbers() {
    assertTrue(Level.reaches("2", "2"));
    assertTrue(Level.reaches("10", "2"));
    assertFalse(Level.reaches("1", "2"));
    assertFalse(Level.reaches("0", "1"));
  }

  @Test
  void reaches_otherWords_areOnlyThemselves() {
    assertTrue(Level.reaches("gold", "gold"));
    assertFalse(Level.reaches("gold", "1"));
    assertFalse(Level.reaches("9", "gold"));
    assertFalse(Level.reaches("", "1"));
    assertFalse(Level.reaches("99999", "1"));
    assertFalse(Level.reaches("-1", "1"));
    assertFalse(Level.reaches("\u0662", "1"), "digits of other scripts");
  }

  @Test
  void reaches_nothingNeeded_isAlwaysReached() {
    assertTrue(Level.reaches("", ""));
    assertTrue(Level.reaches("1", ""));
  }
}
