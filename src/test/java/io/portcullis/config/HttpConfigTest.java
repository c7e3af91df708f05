package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class HttpConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new HttpConfig(
            "127.0.0.1",
            8080,
            0,
            16 << 10,
            8 << 10,
            1 << 20,
            10_000,
            1000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(20),
            List.of(),
            "",
            HttpConfig.Tls.OFF,
            Set.of("nginx"),
            Duration.ofMinutes(10),
            Optional.empty(),
            CorsConfig.OFF),
        Samples.section("", HttpConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new HttpConfig(
            "0.0.0.0",
            1,
            2,
            3 << 10,
            4 << 10,
            5 << 10,
            6,
            7,
            Duration.ofSeconds(8),
            Duration.ofSeconds(9),
            Duration.ofSeconds(10),
            Duration.ofSeconds(11),
            List.of("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"),
            ".example.com",
            HttpConfig.Tls.MUTUAL,
            Set.of("nginx", "edge"),
            Duration.ofSeconds(12),
            Optional.of(URI.create("https://api.example.com:8443")),
            new CorsConfig(
                Set.of("https://app.example.com"),
                Set.of("GET", "PUT"),
                Set.of("X-One"),
                Set.of("X-Two"),
                true,
                Duration.ofSeconds(13),
                14)),
        Samples.full(
            """
            host: 0.0.0.0
            port: 1
            instances: 2
            max-header-bytes: 3KiB
            max-target-bytes: 4KiB
            max-body-bytes: 5KiB
            max-connections: 6
            max-in-flight: 7
            idle-timeout: 8s
            header-timeout: 9s
            request-timeout: 10s
            drain-timeout: 11s
            trusted-proxies: [10.0.0.0/8, 192.0.2.7, 2001:db8::/32]
            tenant-hosts: .Example.com
            tls: mutual
            clients: [nginx, edge]
            max-connection-age: 12s
            public-url: https://API.example.com:8443/
            cors:
              origins: [https://app.example.com]
              methods: [GET, PUT]
              headers: [X-One]
              exposed: [X-Two]
              credentials: true
              max-age: 13s
              max-preflights: 14
            """,
            HttpConfig::read));
  }
}
