package io.portcullis.config;

import static io.portcullis.config.AmountForms.count;
import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.TextForms.headerName;
import static io.portcullis.config.TextForms.oneOf;
import static io.portcullis.config.TextForms.trueOrFalse;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Which pages of other origins may use the public listener from a browser (Fetch Standard, section
 * 3.2). Everything is named; nothing follows from what a request asks for.
 *
 * @param origins as browsers serialise them; empty switches CORS off
 * @param methods that a page may use, as far as a path has them
 * @param headers that a page may send beyond those that always may be
 * @param exposed headers of answers that a page may read
 * @param credentials whether a page may send cookies
 * @param maxAge how long a browser may keep a preflight's answer
 * @param maxPreflights preflights of one client address in a minute, counted by each node
 */
public record CorsConfig(
    Set<String> origins,
    Set<String> methods,
    Set<String> headers,
    Set<String> exposed,
    boolean credentials,
    Duration maxAge,
    long maxPreflights) {
  private static final List<String> METHODS = List.of("GET", "POST", "PATCH", "DELETE");
  private static final List<String> HEADERS =
      List.of(
          "Authorization",
          "Content-Type",
          "DPoP",
          "Idempotency-Key",
          "If-Match",
          "If-None-Match",
          "Traceparent",
          "X-PC-CSRF",
          "X-Tenant");
  private static final List<String> EXPOSED =
      List.of(
          "DPoP-Nonce",
          "ETag",
          "Location",
          "RateLimit",
          "RateLimit-Policy",
          "Retry-After",
          "WWW-Authenticate",
          "X-Request-Id");

  /** No other origin. */
  public static final CorsConfig OFF =
      new CorsConfig(
          Set.of(),
          Set.copyOf(METHODS),
          Set.copyOf(HEADERS),
          Set.copyOf(EXPOSED),
          false,
          Duration.ofMinutes(10),
          600);

  static CorsConfig read(Section cors) {
    return new CorsConfig(
        cors.set(
            "origins",
            NetworkForms.origin(),
            List.of(),
            "origins whose pages may use the API; empty switches CORS off"),
        cors.set(
            "methods",
            oneOf("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
            METHODS,
            "the methods they may use, as far as a path has them"),
        cors.set("headers", headerName(), HEADERS, "the headers they may send"),
        cors.set("exposed", headerName(), EXPOSED, "the headers of answers they may read"),
        cors.value(
            "credentials",
            trueOrFalse(),
            "false",
            "whether they may send the session cookie; tokens need no `true`"),
        cors.value(
            "max-age",
            duration("0s", "1d"),
            "10m",
            "how long a browser may keep the answer to a preflight"),
        cors.value(
            "max-preflights",
            count(1, 1_000_000_000),
            "600",
            "preflights of one client address in a minute, counted by each node"));
  }
}
