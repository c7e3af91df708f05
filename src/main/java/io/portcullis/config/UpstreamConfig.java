package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.NetworkForms.address;
import static io.portcullis.config.TextForms.roleName;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * An internal service that the gateway forwards to.
 *
 * @param name as routes name it
 * @param url scheme, host, port and an optional path prefix
 * @param poolSize connections per event loop
 * @param maxWaiting requests waiting for a connection; further ones are shed with 503
 * @param connectTimeout deadline of one connection attempt
 * @param responseTimeout silence allowed before and between parts of the answer
 * @param role the role that its certificate must prove, when the url is https
 */
public record UpstreamConfig(
    String name,
    URI url,
    int poolSize,
    int maxWaiting,
    Duration connectTimeout,
    Duration responseTimeout,
    Optional<String> role) {

  static UpstreamConfig read(Section upstream) {
    return new UpstreamConfig(
        upstream.name(),
        upstream.required("url", address(), "scheme, host, port and an optional path prefix"),
        upstream.value("pool-size", number(1, 10_000), "32", "connections per event loop"),
        upstream.value(
            "max-waiting",
            number(0, 100_000),
            "256",
            "requests waiting for a connection; further ones are shed with 503"),
        upstream.value(
            "connect-timeout", duration("10ms", "30s"), "1s", "deadline of one connection attempt"),
        upstream.value(
            "response-timeout",
            duration("10ms", "10m"),
            "20s",
            "silence allowed before and between parts of the answer"),
        upstream.optional(
            "role",
            roleName(),
            "the role that its certificate must prove; needed when `url` is https"));
  }

  /** Whether the hop is protected by certificates. */
  public boolean tls() {
    return "https".equalsIgnoreCase(url.getScheme());
  }
}
