package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.hostName;
import static io.portcullis.config.TextForms.orEmpty;
import static io.portcullis.config.TextForms.word;

import java.time.Duration;

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
 */
public record RedisConfig(
    String host,
    int port,
    String username,
    Secret password,
    int database,
    Duration connectTimeout,
    int maxPending) {

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
                "commands waiting on one connection; further ones fail at once"));
    redis.check(
        NetworkForms.isLoopback(config.host()) || config.password().isStrong(),
        Secret.rule(redis.name() + ".password"),
        "password",
        "password-file",
        "host");
    redis.check(
        config.username().isEmpty() || !config.password().value().isEmpty(),
        "expected " + redis.name() + ".password beside " + redis.name() + ".username",
        "username",
        "password",
        "password-file");
    return config;
  }
}
