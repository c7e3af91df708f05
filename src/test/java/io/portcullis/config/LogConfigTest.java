package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class LogConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(new LogConfig("ecs", "info"), Samples.section("", LogConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new LogConfig("text", "debug"),
        Samples.full(
            """
            format: text
            level: debug
            """,
            LogConfig::read));
  }
}
