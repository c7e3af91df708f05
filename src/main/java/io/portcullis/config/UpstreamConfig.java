package io.portcullis.config;

import java.net.URI;
import java.time.Duration;

/**
 * An internal service that the gateway forwards to.
 *
 * @param name as routes name it
 * @param url scheme, host, port and an optional path prefix
 * @param poolSize connections per event loop
 * @param maxWaiting requests waiting for a connection; further ones are shed with 503
 * @param connectTimeout deadline of one connection attempt
 * @param responseTimeout silence allowed before and between parts of the answer
 */
public record UpstreamConfig(
    String name,
    URI url,
    int poolSize,
    int maxWaiting,
    Duration connectTimeout,
    Duration responseTimeout) {}
