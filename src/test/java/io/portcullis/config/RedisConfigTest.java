package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Defaults, and every key in its place. */
class RedisConfigTest {
  @Test
  void read_nothing_givesDefaults() {
    assertEquals(
        new RedisConfig("127.0.0.1", 6379, "", new Secret(""), 0, Duration.ofSeconds(2), 1024),
        Samples.section("", RedisConfig::read));
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    assertEquals(
        new RedisConfig(
            "redis",
            1,
            "gate",
            new Secret("twelve-chars"),
            2,
            Duration.ofSeconds(3),
            4,
            true,
            Optional.of(Path.of("/run/ca.pem")),
            new SentinelConfig(
                List.of(new Endpoint("sentinel-1", 26379), new Endpoint("::1", 26380)),
                "state",
                "asker",
                new Secret("geheim"))),
        Samples.full(
            """
            host: redis
            port: 1
            username: gate
            password: twelve-chars
            database: 2
            connect-timeout: 3s
            max-pending: 4
            tls: on
            trust: /run/ca.pem
            sentinels: [sentinel-1:26379, "[::1]:26380"]
            primary-name: state
            sentinel-username: asker
            sentinel-password: geheim
            """,
            RedisConfig::read,
            "password-file",
            "sentinel-password-file"));
  }

  @Test
  void read_sentinelsOfThisMachine_needNoPassword() {
    RedisConfig config =
        Samples.section(
            "{sentinels: [127.0.0.1:1, localhost:2], primary-name: a}", RedisConfig::read);
    assertEquals(
        List.of(new Endpoint("127.0.0.1", 1), new Endpoint("localhost", 2)),
        config.sentinels().addresses());
  }
}
