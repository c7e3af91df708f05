package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class UpstreamConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new UpstreamConfig(
            "",
            URI.create("http://127.0.0.1:9000"),
            32,
            256,
            Duration.ofSeconds(1),
            Duration.ofSeconds(20),
            Optional.empty()),
        Samples.section(
            """
            url: http://127.0.0.1:9000
            """,
            UpstreamConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new UpstreamConfig(
            "",
            URI.create("https://reports.internal/v1"),
            1,
            2,
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Optional.of("reports")),
        Samples.full(
            """
            url: https://reports.internal/v1
            pool-size: 1
            max-waiting: 2
            connect-timeout: 3s
            response-timeout: 4s
            role: reports
            """,
            UpstreamConfig::read));
  }
}
