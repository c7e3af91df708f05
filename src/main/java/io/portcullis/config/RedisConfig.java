package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.hostName;
import static io.portcullis.config.TextForms.oneOf;
import static io.portcullis.config.TextForms.orEmpty;
import static io.portcullis.config.TextForms.path;
import static io.portcullis.config.TextForms.word;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * One Redis: the one that keeps the limits, or the one that keeps state (sessions, revocations).
 *
 * @param host its host
 * @param port its port
 * @param username ACL user; empty for the default user
 * @param password its password; empty for none
 * @param database database number
 * @param connectTimeout deadline of one connection attempt
 * @param maxPending commands waiting on one connection; further ones fail at once
 * @param tls whether it and its sentinels are spoken to by TLS, which then proves their names
 * @param trust who vouches for their certificates; absent: whom the JVM trusts
 * @param sentinels who knows where it is; when there are some, host and port do not matter
 */
public record RedisConfig(
    String host,
    int port,
    String username,
    Secret password,
    int database,
    Duration connectTimeout,
    int maxPending,
    boolean tls,
    Optional<Path> trust,
    SentinelConfig sentinels) {

  /** One server at a fixed place, without TLS. */
  public RedisConfig(
      String host,
      int port,
      String username,
      Secret password,
      int database,
      Duration connectTimeout,
      int maxPending) {
    this(
        host,
        port,
        username,
        password,
        database,
        connectTimeout,
        maxPending,
        false,
        Optional.empty(),
        SentinelConfig.NONE);
  }

  static RedisConfig read(Section redis) {
    RedisConfig config =
        new RedisConfig(
            redis.value("host", hostName(), "127.0.0.1", "its host"),
            redis.value("port", number(1, 65_535), "6379", "its port"),
            redis.value("username", orEmpty(word()), "", "ACL user; empty for the default user"),
            redis.secret("password", "its password; may be empty only on this machine"),
            redis.value("database", number(0, 1023), "0", "database number"),
            redis.value(
                "connect-timeout",
                duration("10ms", "30s"),
                "2s",
                "deadline of one connection attempt"),
            redis.value(
                "max-pending",
                number(1, 100_000),
                "1024",
                "commands waiting on one connection; further ones fail at once"),
            redis.value(
                "tls",
                oneOf("off", "on").map("on"::equals),
                "off",
                "`on`: TLS to the server and to sentinels, whose certificates must have their names"),
            redis.optional(
                "trust",
                path(),
                "the certificates that vouch for them, PEM; absent: whom the JVM trusts"),
            SentinelConfig.read(redis));
    config.check(redis);
    return config;
  }

  private void check(Section redis) {
    boolean here = sentinels.on() ? sentinels.areOnThisMachine() : NetworkForms.isLoopback(host);
    redis.check(
        here || password.isStrong(),
        Secret.rule(redis.name() + ".password"),
        "password",
        "password-file",
        sentinels.on() ? "sentinels" : "host");
    redis.check(
        username.isEmpty() || !password.value().isEmpty(),
        "expected " + redis.name() + ".password beside " + redis.name() + ".username",
        "username",
        "password",
        "password-file");
    redis.check(
        tls || trust.isEmpty(),
        "expected " + redis.name() + ".tls: on beside " + redis.name() + ".trust",
        "trust",
        "tls");
  }
}
