package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
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
            "redis", 1, "gate", new Secret("twelve-chars"), 2, Duration.ofSeconds(3), 4),
        Samples.full(
            """
            host: redis
            port: 1
            username: gate
            password: twelve-chars
            database: 2
            connect-timeout: 3s
            max-pending: 4
            """,
            RedisConfig::read,
            "password-file"));
  }
}
