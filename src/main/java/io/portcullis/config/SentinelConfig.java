package io.portcullis.config;

import static io.portcullis.config.NetworkForms.endpoint;
import static io.portcullis.config.TextForms.orEmpty;
import static io.portcullis.config.TextForms.text;
import static io.portcullis.config.TextForms.word;

import java.util.List;

/**
 * Who is asked where a Redis is that may move (Redis Sentinel).
 *
 * @param addresses of the sentinels; empty: the Redis does not move
 * @param primaryName what they call it
 * @param username ACL user at the sentinels; empty for the default user
 * @param password its password; empty for none
 */
public record SentinelConfig(
    List<Endpoint> addresses, String primaryName, String username, Secret password) {
  /** Nobody is asked. */
  public static final SentinelConfig NONE = new SentinelConfig(List.of(), "", "", new Secret(""));

  /** Whether anybody is asked. */
  public boolean on() {
    return !addresses.isEmpty();
  }

  boolean areOnThisMachine() {
    return addresses.stream().allMatch(one -> NetworkForms.isLoopback(one.host()));
  }

  /** Reads the keys of the section of the Redis that are about its sentinels. */
  static SentinelConfig read(Section redis) {
    SentinelConfig config =
        new SentinelConfig(
            List.copyOf(
                redis.set(
                    "sentinels",
                    endpoint(),
                    List.of(),
                    "who knows where the server is; `host` and `port` do not matter then")),
            redis.value(
                "primary-name",
                orEmpty(text("[A-Za-z0-9._-]{1,64}", "a name of letters, digits, . _ -", "state")),
                "",
                "what the sentinels call it"),
            redis.value(
                "sentinel-username",
                orEmpty(word()),
                "",
                "ACL user at the sentinels; empty for the default user"),
            redis.secret("sentinel-password", "its password; empty for none"));
    config.check(redis);
    return config;
  }

  private void check(Section redis) {
    String name = redis.name();
    redis.check(
        on() != primaryName.isEmpty(),
        on()
            ? "expected " + name + ".primary-name beside " + name + ".sentinels"
            : "expected " + name + ".sentinels beside " + name + ".primary-name",
        "primary-name",
        "sentinels");
    redis.check(
        on() || (username.isEmpty() && password.value().isEmpty()),
        "expected " + name + ".sentinels beside a login at them",
        "sentinel-username",
        "sentinel-password",
        "sentinel-password-file");
    redis.check(
        username.isEmpty() || !password.value().isEmpty(),
        "expected " + name + ".sentinel-password beside " + name + ".sentinel-username",
        "sentinel-username",
        "sentinel-password",
        "sentinel-password-file");
  }
}
