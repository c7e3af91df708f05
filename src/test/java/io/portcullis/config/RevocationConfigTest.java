package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class RevocationConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new RevocationConfig(Duration.ofHours(12), 200_000),
        Samples.section("", RevocationConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new RevocationConfig(Duration.ofHours(3), 400),
        Samples.full("longest-credential: 3h\nmax-entries: 400\n", RevocationConfig::read));
  }
}
