package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SuggestionTest {
  private static final List<String> KNOWN = List.of("per-user", "per-tenant", "per-ip", "deadline");

  @Test
  void of_nearWord_namesIt() {
    assertEquals(" (did you mean \"per-user\"?)", Suggestion.of("per-usr", KNOWN));
    assertEquals(" (did you mean \"per-user\"?)", Suggestion.of("perUser", KNOWN));
    assertEquals(" (did you mean \"per-user\"?)", Suggestion.of("PER_USER", KNOWN));
    assertEquals(" (did you mean \"deadline\"?)", Suggestion.of("daedline", KNOWN));
  }

  @Test
  void of_farOrHugeWord_saysNothing() {
    assertEquals("", Suggestion.of("window", KNOWN));
    assertEquals("", Suggestion.of("", KNOWN));
    assertEquals("", Suggestion.of("d".repeat(100_000), KNOWN));
  }

  @Test
  void distance_countsASwapOnce() {
    assertEquals(1, Suggestion.distance("ab", "ba"));
    assertEquals(2, Suggestion.distance("", "ab"));
    assertEquals(3, Suggestion.distance("kitten", "sitting"));
  }
}
