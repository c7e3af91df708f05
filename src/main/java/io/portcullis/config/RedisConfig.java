package io.portcullis.config;

import java.time.Duration;

/**
 * The Redis that keeps the limits.
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
    int maxPending) {}
