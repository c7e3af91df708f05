package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class TlsConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    TlsConfig config = Samples.section("", TlsConfig::read);
    assertEquals(
        new TlsConfig(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(1),
            "gateway"),
        config);
    assertFalse(config.on());
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new TlsConfig(
            Optional.of(Path.of("a.crt")),
            Optional.of(Path.of("a.key")),
            Optional.of(Path.of("trust.pem")),
            Optional.of(Path.of("denied.json")),
            Duration.ofSeconds(2),
            "edge"),
        Samples.full(
            """
            certificate: a.crt
            key: a.key
            trust: trust.pem
            denied: denied.json
            check-interval: 2s
            role: edge
            """,
            TlsConfig::read));
  }

  @Test
  void internal_nothing_givesDefaults() {
    assertEquals(
        new InternalConfig("127.0.0.1", 8444, List.of()),
        Samples.section("", InternalConfig::read));
  }

  @Test
  void internal_everyKey_landsInItsPlace() {
    assertEquals(
        new InternalConfig(
            "0.0.0.0", 1, List.of(new InternalConfig.Client("ops", Set.of("service", "auditor")))),
        Samples.full(
            """
            host: 0.0.0.0
            port: 1
            clients:
              ops:
                roles: [service, auditor]
            """,
            InternalConfig::read));
  }
}
