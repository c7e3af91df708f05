package io.portcullis.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.identity.Revocation.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The shape of one revocation, and what is not one. */
class RevocationTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @Test
  void text_readBack_isTheSame() {
    for (Revocation revocation :
        List.of(
            new Revocation(Kind.SESSION, "https://id", "4c8e", NOON, ""),
            new Revocation(Kind.USER, "", "b\"o\\b\u2028", NOON, "left \"us\""),
            new Revocation(Kind.TENANT, "", "9a7c", NOON, "x".repeat(200)),
            new Revocation(Kind.ALL, "", "", Instant.EPOCH, ""))) {
      assertEquals(Optional.of(revocation), Revocation.of(revocation.text()));
    }
  }

  @Test
  void time_isCutToItsSecond() {
    Revocation revocation = new Revocation(Kind.ALL, "", "", NOON.plusMillis(999), "");
    assertEquals(NOON, revocation.before());
  }

  @Test
  void of_whatIsNone_isEmpty() {
    for (String text :
        List.of(
            "",
            "{}",
            "[]",
            "{\"k\":\"user\",\"i\":\"\",\"n\":\"\",\"b\":1,\"r\":\"\"}",
            "{\"k\":\"all\",\"i\":\"\",\"n\":\"x\",\"b\":1,\"r\":\"\"}",
            "{\"k\":\"user\",\"i\":\"\",\"n\":\"a\",\"b\":-1,\"r\":\"\"}",
            "{\"k\":\"user\",\"i\":\"\",\"n\":\"a\",\"b\":\"1\",\"r\":\"\"}",
            "{\"k\":\"user\",\"i\":\"\",\"n\":7,\"b\":1,\"r\":\"\"}",
            "{\"k\":\"user\",\"n\":\"a\",\"b\":1,\"r\":\"\"}",
            "{\"k\":\"device\",\"i\":\"\",\"n\":\"a\",\"b\":1,\"r\":\"\"}",
            "{\"k\":\"user\",\"k\":\"all\",\"i\":\"\",\"n\":\"a\",\"b\":1,\"r\":\"\"}")) {
      assertEquals(Optional.empty(), Revocation.of(text), text);
    }
  }

  @Test
  void new_outOfShape_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Revocation(Kind.USER, "", "", NOON, ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Revocation(Kind.USER, "", "x".repeat(257), NOON, ""));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Revocation(Kind.USER, "", "a", NOON, "x".repeat(201)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new Revocation(Kind.USER, "", "a", Instant.EPOCH.minusSeconds(1), ""));
  }

  @Test
  void facts_haveNoEmptyOnes() {
    assertEquals(
        Map.of("kind", "user", "name", "bob", "issued_before", "2026-03-01T12:00:00Z"),
        new Revocation(Kind.USER, "", "bob", NOON, "").facts());
  }
}
