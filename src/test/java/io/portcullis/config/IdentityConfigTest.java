package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.config.IdentityConfig.Issuer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class IdentityConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new IdentityConfig(
            List.of(
                new Issuer(
                    "corp",
                    "https://login.example.com",
                    Optional.of(URI.create("https://login.example.com/certs")),
                    Optional.empty(),
                    Set.of("api"),
                    Set.of(),
                    Set.of("RS256", "ES256", "PS256", "EdDSA"),
                    "",
                    Optional.empty())),
            Duration.ofSeconds(30),
            8 << 10,
            10_000,
            Duration.ofMinutes(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofSeconds(5),
            new DpopConfig(
                Set.of("ES256", "PS256", "RS256", "EdDSA"),
                Duration.ofSeconds(30),
                new Secret(""),
                Duration.ofSeconds(60))),
        Samples.section(
            """
            issuers:
              corp:
                issuer: https://login.example.com
                jwks: https://login.example.com/certs
                audiences: [api]
            """,
            IdentityConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new IdentityConfig(
            List.of(
                new Issuer(
                    "one",
                    "https://one.example.com/",
                    Optional.of(URI.create("https://one.example.com/certs")),
                    Optional.empty(),
                    Set.of("a", "b"),
                    Set.of("web", "app"),
                    Set.of("ES512"),
                    "api",
                    Optional.of(Path.of("/run/ca.pem"))),
                new Issuer(
                    "two",
                    "http://localhost:8180/realms/two",
                    Optional.empty(),
                    Optional.of(
                        URI.create(
                            "http://localhost:8180/realms/two/.well-known/openid-configuration")),
                    Set.of("c"),
                    Set.of(),
                    Set.of("EdDSA", "PS384"),
                    "",
                    Optional.empty())),
            Duration.ofSeconds(1),
            2 << 10,
            3,
            Duration.ofSeconds(40),
            Duration.ofSeconds(5),
            Duration.ofSeconds(6),
            Duration.ofSeconds(70),
            Duration.ofSeconds(8),
            new DpopConfig(
                Set.of("ES384"),
                Duration.ofSeconds(9),
                new Secret("a-key-of-thirty-two-characters-ok"),
                Duration.ofSeconds(11))),
        Samples.full(
            """
            issuers:
              one:
                issuer: https://one.example.com/
                jwks: https://one.example.com/certs
                audiences: [a, b]
                clients: [web, app]
                algorithms: [ES512]
                roles-client: api
                trust: /run/ca.pem
              two:
                issuer: http://localhost:8180/realms/two
                discovery: http://localhost:8180/realms/two/.well-known/openid-configuration
                audiences: [c]
                clients: []
                algorithms: [EdDSA, PS384]
                roles-client: ""
                trust: ""
            leeway: 1s
            max-token-bytes: 2KiB
            cache-size: 3
            refresh-interval: 40s
            refresh-floor: 5s
            unknown-key-ttl: 6s
            max-stale: 70s
            fetch-timeout: 8s
            dpop:
              algorithms: [ES384]
              proof-lifetime: 9s
              nonce-key: a-key-of-thirty-two-characters-ok
              nonce-lifetime: 11s
            """,
            IdentityConfig::read,
            "issuers.one.discovery",
            "issuers.two.jwks",
            "dpop.nonce-key-file"));
  }
}
