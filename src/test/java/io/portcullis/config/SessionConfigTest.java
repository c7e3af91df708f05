package io.portcullis.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.SessionConfig.MasterKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Defaults, every key in its place, and master keys that are none. */
class SessionConfigTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);

  @Test
  void read_nothing_givesDefaultsWithoutSessions() {
    SessionConfig config = Samples.section("", SessionConfig::read);
    assertEquals(
        new SessionConfig(
            List.of(),
            Duration.ofMinutes(30),
            Duration.ofHours(12),
            Duration.ofHours(4),
            Duration.ofSeconds(30),
            Duration.ofSeconds(2),
            10_000,
            10,
            Duration.ofSeconds(10),
            1000),
        config);
    assertFalse(config.on());
  }

  @Test
  void read_everyKey_landsInItsPlace() {
    SessionConfig config =
        Samples.full(
            """
            master-keys: "k2:%s, k1:%s"
            idle: 1m
            absolute: 2m
            rotate-every: 3s
            alias: 4s
            cache: 1s
            cache-size: 5
            per-user: 6
            refresh-wait: 7s
            refresh-waiting: 8
            """
                .formatted(KEY, KEY),
            SessionConfig::read,
            "master-keys-file");
    assertEquals(
        new SessionConfig(
            List.of(new MasterKey("k2", new Secret(KEY)), new MasterKey("k1", new Secret(KEY))),
            Duration.ofMinutes(1),
            Duration.ofMinutes(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Duration.ofSeconds(1),
            5,
            6,
            Duration.ofSeconds(7),
            8),
        config);
    assertTrue(config.on());
    assertFalse(config.toString().contains(KEY));
  }

  @Test
  void read_keysThatAreNone_areProblemsThatDoNotShowThem() {
    String shortKey = Base64.getEncoder().encodeToString(new byte[31]);
    for (String keys :
        List.of(
            "k1:" + shortKey,
            KEY,
            "k1:" + KEY + ",k1:" + KEY,
            "K1:" + KEY,
            "k1:",
            "k1:" + KEY + ",",
            "averylongname:" + KEY,
            "k1:" + KEY.substring(1) + "!")) {
      Reading reading = Reading.of("test", Map.of());
      Section.readAll(
          reading,
          YamlReader.read("master-keys: \"" + keys + "\"\n", reading),
          SessionConfig::read);
      assertEquals(1, reading.problems().size(), keys);
      assertTrue(reading.problems().getFirst().toString().contains("master-keys"));
      assertFalse(reading.problems().getFirst().toString().contains(shortKey.substring(0, 20)));
    }
  }

  @Test
  void read_idleBeyondAbsolute_isAProblem() {
    Reading reading = Reading.of("test", Map.of());
    Section.readAll(
        reading, YamlReader.read("idle: 2h\nabsolute: 1h\n", reading), SessionConfig::read);
    assertEquals(1, reading.problems().size());
  }
}
