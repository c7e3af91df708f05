package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class AuditConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new AuditConfig(
            1 << 30, 16 << 20, 10_000, Duration.ofSeconds(2), 500, Duration.ofSeconds(1)),
        Samples.section("", AuditConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new AuditConfig(2 << 20, 64 << 10, 3, Duration.ofSeconds(4), 5, Duration.ofSeconds(6)),
        Samples.full(
            """
            max-journal-bytes: 2MiB
            segment-bytes: 64KiB
            max-pending: 3
            record-timeout: 4s
            drain-batch: 5
            drain-retry: 6s
            """,
            AuditConfig::read));
  }
}
