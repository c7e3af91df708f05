package io.portcullis.gateway;

import io.portcullis.config.HttpConfig;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is on every answer of a listener, whatever it says and whoever gives it. It is put there
 * before anything else, so that an operation of our own may say otherwise of its answer (a page has
 * another {@code Content-Security-Policy}, a public document may be stored); {@link Forwarder} lets
 * no service do so.
 *
 * <p>Names and values are made once: a request costs an entry in its header table for each and no
 * text. One per event loop.
 */
final class OwnHeaders {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");

  private static final List<String> ALWAYS =
      List.of(
          "x-content-type-options",
          "nosniff",
          "cache-control",
          "no-store",
          // An answer of an API is no page: it loads nothing and stands in no frame.
          "content-security-policy",
          "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "x-frame-options",
          "DENY",
          "referrer-policy",
          "no-referrer",
          "cross-origin-opener-policy",
          "same-origin",
          // For pages that embed without asking; those that ask by CORS are not bound by it.
          "cross-origin-resource-policy",
          "same-origin",
          "permissions-policy",
          "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
              + " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(),"
              + " publickey-credentials-get=(), usb=()");

  private static final List<String> HTTPS =
      List.of("strict-transport-security", "max-age=63072000; includeSubDomains");

  /** What a browser may do with an answer is not a service's to say, besides what stands above. */
  private static final Set<String> RESERVED =
      Set.of(
          "x-xss-protection",
          "content-security-policy-report-only",
          "permissions-policy-report-only",
          "feature-policy",
          "document-policy",
          "cross-origin-opener-policy-report-only",
          "cross-origin-embedder-policy",
          "cross-origin-embedder-policy-report-only",
          "origin-agent-cluster",
          "timing-allow-origin",
          "service-worker-allowed",
          "strict-transport-security",
          "public-key-pins",
          "expect-ct",
          "alt-svc",
          "clear-site-data",
          "nel",
          "report-to",
          "reporting-endpoints");

  private final CharSequence[] fixed;
  private final Cors cors;
  private final HttpDate date;

  OwnHeaders(HttpConfig http, Cors cors, Clock clock) {
    List<String> texts = new ArrayList<>(ALWAYS);
    if (http.publicUrl().filter(url -> "https".equals(url.getScheme())).isPresent()) {
      texts.addAll(HTTPS);
    }
    this.fixed = texts.stream().map(HttpHeaders::createOptimized).toArray(CharSequence[]::new);
    this.cors = cors;
    this.date = new HttpDate(clock);
  }

  /** These names, and those that no service behind us may use on an answer for a browser. */
  static Set<String> andReserved(String... names) {
    Set<String> all = new HashSet<>(RESERVED);
    for (int i = 0; i < ALWAYS.size(); i += 2) {
      all.add(ALWAYS.get(i));
    }
    all.remove("cache-control"); // how long its answer holds a service knows best
    all.addAll(List.of(names));
    return Set.copyOf(all);
  }

  /** Puts them on an answer that has none yet. */
  void put(Exchange exchange) {
    MultiMap headers = exchange.response.headers();
    headers.set(REQUEST_ID, exchange.id);
    headers.set(HttpHeaders.DATE, date.now());
    for (int i = 0; i < fixed.length; i += 2) {
      headers.set(fixed[i], fixed[i + 1]);
    }
    cors.mark(exchange.request.headers(), headers);
  }
}
