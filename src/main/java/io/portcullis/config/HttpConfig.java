package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.AmountForms.size;
import static io.portcullis.config.NetworkForms.hostName;
import static io.portcullis.config.NetworkForms.hostSuffix;
import static io.portcullis.config.NetworkForms.network;
import static io.portcullis.config.NetworkForms.publicOrigin;
import static io.portcullis.config.TextForms.choice;
import static io.portcullis.config.TextForms.roleName;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The public listener.
 *
 * @param host address to bind
 * @param port port to bind; 0 picks a free one
 * @param instances event-loop instances of the gateway; 0 means one per core
 * @param maxHeaderBytes all request headers together
 * @param maxTargetBytes the request line
 * @param maxBodyBytes the default limit of a request body; a route may set its own
 * @param maxConnections per instance; further ones are closed
 * @param maxInFlight requests in flight per instance; further ones are shed with 503
 * @param idleTimeout an idle connection is closed after this
 * @param headerTimeout a request that is not complete after this is closed
 * @param requestTimeout a request is answered by then, whatever happens
 * @param drainTimeout how long a stopping node waits for requests in flight
 * @param trustedProxies addresses (CIDR) whose {@code X-Request-Id} and {@code X-Forwarded-For} are
 *     believed
 * @param tenantHosts host suffix such that {@code <tenant><suffix>} names a tenant; empty switches
 *     it off
 * @param tls whether the listener asks for certificates
 * @param clients roles whose certificate the listener takes when it asks for one
 * @param maxConnectionAge an older connection is closed after the answer it is giving
 * @param publicUrl scheme, host and port as browsers see them, without a path; absent, nobody logs
 *     in here and no DPoP proof is taken
 * @param cors which pages of other origins may use it
 */
public record HttpConfig(
    String host,
    int port,
    int instances,
    int maxHeaderBytes,
    int maxTargetBytes,
    long maxBodyBytes,
    int maxConnections,
    int maxInFlight,
    Duration idleTimeout,
    Duration headerTimeout,
    Duration requestTimeout,
    Duration drainTimeout,
    List<String> trustedProxies,
    String tenantHosts,
    Tls tls,
    Set<String> clients,
    Duration maxConnectionAge,
    Optional<URI> publicUrl,
    CorsConfig cors) {

  /** How the public listener speaks. */
  public enum Tls {
    /** Plain HTTP: for this machine, or where something else protects the hop. */
    OFF,
    /** TLS, and only with a certificate of one of the clients. */
    MUTUAL
  }

  static HttpConfig read(Section http) {
    HttpConfig config = values(http);
    http.check(
        !config.cors().credentials() || !config.publicUrl().isEmpty(),
        "expected http.public-url where pages of other origins may send cookies",
        "cors.credentials",
        "public-url");
    return config;
  }

  private static HttpConfig values(Section http) {
    return new HttpConfig(
        http.value("host", hostName(), "127.0.0.1", "address to bind"),
        http.value("port", number(0, 65_535), "8080", "port to bind; 0 picks a free one"),
        http.value(
            "instances",
            number(0, 256),
            "0",
            "event-loop instances of the gateway; 0 means one per core"),
        http.value(
            "max-header-bytes",
            size("1KiB", "1MiB").map(Math::toIntExact),
            "16KiB",
            "all request headers together"),
        http.value(
            "max-target-bytes",
            size("256B", "64KiB").map(Math::toIntExact),
            "8KiB",
            "the request line"),
        http.value(
            "max-body-bytes",
            size("1KiB", "1GiB"),
            "1MiB",
            "the default limit of a request body; a route may set its own"),
        http.value(
            "max-connections",
            number(1, 1_000_000),
            "10000",
            "connections per instance; further ones are closed"),
        http.value(
            "max-in-flight",
            number(1, 100_000),
            "1000",
            "requests in flight per instance; further ones are shed with 503"),
        http.value(
            "idle-timeout", duration("1s", "1h"), "60s", "an idle connection is closed after this"),
        http.value(
            "header-timeout",
            duration("1s", "5m"),
            "10s",
            "a request that is not complete after this is closed"),
        http.value(
            "request-timeout",
            duration("100ms", "10m"),
            "30s",
            "a request is answered by then, whatever happens"),
        http.value(
            "drain-timeout",
            duration("0s", "10m"),
            "20s",
            "how long a stopping node waits for requests in flight"),
        trustedProxies(http),
        tenantHosts(http),
        tls(http),
        clients(http),
        maxConnectionAge(http),
        publicUrl(http),
        http.section("cors", CorsConfig::read));
  }

  private static List<String> trustedProxies(Section http) {
    return List.copyOf(
        http.set(
            "trusted-proxies",
            network(),
            List.of(),
            "addresses whose `X-Request-Id` and `X-Forwarded-For` are believed"));
  }

  private static String tenantHosts(Section http) {
    return http.value(
        "tenant-hosts",
        hostSuffix(),
        "",
        "host suffix such that `<tenant><suffix>` names a tenant; empty switches it off");
  }

  private static Tls tls(Section http) {
    return http.value(
        "tls",
        choice(Tls.class),
        "off",
        "`mutual`: TLS, and only with a certificate of one of `clients`; `off`: plain HTTP");
  }

  private static Set<String> clients(Section http) {
    return http.set(
        "clients",
        roleName(),
        List.of("nginx"),
        "roles whose certificate the listener takes with `tls: mutual`; their `X-Request-Id`,"
            + " `X-Forwarded-For` and `Client-Cert` are believed");
  }

  private static Duration maxConnectionAge(Section http) {
    return http.value(
        "max-connection-age",
        duration("1s", "1d"),
        "10m",
        "an older connection is closed after the answer it is giving; up to a tenth earlier");
  }

  private static Optional<URI> publicUrl(Section http) {
    return http.optional(
        "public-url",
        publicOrigin(),
        "scheme, host and port as browsers see them; needed for logins and DPoP");
  }
}
