package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class KeycloakConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new KeycloakConfig(
            Optional.empty(), "portcullis", "portcullis-admin", new Secret(""), Optional.empty()),
        Samples.section("", KeycloakConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new KeycloakConfig(
            Optional.of(URI.create("https://login.example.com/auth")),
            "a",
            "b",
            new Secret("twelve-chars"),
            Optional.of(Path.of("/run/ca.pem"))),
        Samples.full(
            """
            url: https://login.example.com/auth
            realm: a
            client: b
            secret: twelve-chars
            trust: /run/ca.pem
            """,
            KeycloakConfig::read,
            "secret-file"));
  }

  @Test
  void read_emptyUrl_switchesOff() {
    assertEquals(Optional.empty(), Samples.section("url: ''", KeycloakConfig::read).url());
  }
}
