package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class LimitConfigTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new LimitConfig(
            new Policy(600, MINUTE, Outage.LOCAL),
            new Policy(300, MINUTE, Outage.LOCAL),
            new Policy(6000, MINUTE, Outage.LOCAL),
            new Policy(600, MINUTE, Outage.LOCAL),
            Duration.ofMillis(25),
            5,
            Duration.ofSeconds(1),
            1,
            100_000),
        Samples.section("", LimitConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new LimitConfig(
            new Policy(1, MINUTE, Outage.OPEN),
            new Policy(0, Duration.ofDays(1), Outage.CLOSED),
            new Policy(3, Duration.ofSeconds(1), Outage.LOCAL),
            new Policy(4, Duration.ofHours(4), Outage.LOCAL),
            Duration.ofMillis(5),
            6,
            Duration.ofSeconds(7),
            8,
            900),
        Samples.full(
            """
            per-ip: {max: 1, window: 1m, on-outage: open}
            per-user: {max: 0, window: 1d, on-outage: closed}
            per-tenant: {max: 3, window: 1s, on-outage: local}
            failed-authentication: {max: 4, window: 4h}
            deadline: 5ms
            breaker-failures: 6
            breaker-pause: 7s
            expected-nodes: 8
            local-subjects: 900
            """,
            LimitConfig::read));
  }
}
