package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class LoginConfigTest {
  @Test
  void read_nothing_isOff() {
    LoginConfig config = Samples.section("", LoginConfig::read);
    assertFalse(config.on());
    assertEquals(
        new LoginConfig(
            "",
            new Secret(""),
            "",
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Set.of("openid"),
            Duration.ofMinutes(10),
            Duration.ofSeconds(8),
            64,
            Optional.empty()),
        config);
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    LoginConfig config =
        Samples.full(
            """
            client: a
            client-secret: twelve-chars
            issuer: b
            authorization-endpoint: https://login.example.com/auth
            token-endpoint: https://login.example.com/token
            end-session-endpoint: https://login.example.com/logout
            revocation-endpoint: https://login.example.com/revoke
            scopes: [openid, profile]
            attempt: 1m
            deadline: 2s
            max-pending: 3
            trust: /run/ca.pem
            """,
            LoginConfig::read,
            "client-secret-file");
    assertTrue(config.on());
    assertEquals(
        new LoginConfig(
            "a",
            new Secret("twelve-chars"),
            "b",
            Optional.of(URI.create("https://login.example.com/auth")),
            Optional.of(URI.create("https://login.example.com/token")),
            Optional.of(URI.create("https://login.example.com/logout")),
            Optional.of(URI.create("https://login.example.com/revoke")),
            Set.of("openid", "profile"),
            Duration.ofMinutes(1),
            Duration.ofSeconds(2),
            3,
            Optional.of(Path.of("/run/ca.pem"))),
        config);
  }
}
