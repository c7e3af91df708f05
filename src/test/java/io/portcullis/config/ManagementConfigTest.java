package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class ManagementConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new ManagementConfig("127.0.0.1", 8081, 2), Samples.section("", ManagementConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new ManagementConfig("::1", 0, 3),
        Samples.full(
            """
            host: "::1"
            port: 0
            admin-level: 3
            """,
            ManagementConfig::read));
  }
}
