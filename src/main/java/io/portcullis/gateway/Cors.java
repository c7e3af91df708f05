package io.portcullis.gateway;

import io.portcullis.config.CorsConfig;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What browsers are told of pages of other origins (Fetch Standard, section 3.2). Origins are
 * compared as the texts that browsers send, and what is answered is the configuration's own text:
 * nothing of a request comes back. An origin that is not configured gets no header, so its browser
 * keeps the answer to itself.
 *
 * <p>Every answer of a listener with CORS says that it varies, also without an origin: a cache
 * would otherwise give one page the answer that was meant for another. Immutable; any thread.
 */
final class Cors {
  /** A listener that no page of another origin uses. */
  static final Cors OFF = new Cors(CorsConfig.OFF);

  private static final CharSequence ORIGIN = HttpHeaders.ORIGIN;
  private static final CharSequence REQUEST_METHOD = HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD;
  private static final CharSequence VARY = HttpHeaders.VARY;
  private static final CharSequence VARIES = HttpHeaders.createOptimized("Origin");
  private static final CharSequence PREFLIGHT_VARIES =
      HttpHeaders.createOptimized(
          "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
  private static final CharSequence TRUE = HttpHeaders.createOptimized("true");

  private final Map<String, CharSequence> origins;
  private final Set<String> methods;
  private final CharSequence headers;
  private final CharSequence exposed;
  private final boolean credentials;
  private final CharSequence maxAge;

  Cors(CorsConfig config) {
    origins =
        config.origins().stream()
            .collect(
                Collectors.toUnmodifiableMap(Function.identity(), HttpHeaders::createOptimized));
    methods = config.methods();
    headers = list(config.headers().stream());
    exposed = list(config.exposed().stream());
    credentials = config.credentials();
    maxAge = HttpHeaders.createOptimized(Long.toString(config.maxAge().toSeconds()));
  }

  /** A browser asks whether a page may ask. */
  boolean isPreflight(HttpServerRequest request) {
    return !origins.isEmpty()
        && HttpMethod.OPTIONS.equals(request.method())
        && request.headers().contains(ORIGIN)
        && request.headers().contains(REQUEST_METHOD);
  }

  /** Whether the request comes from exactly one origin, and that is a configured one. */
  boolean admits(MultiMap request) {
    String origin = request.get(ORIGIN);
    return origin != null && origins.containsKey(origin) && request.getAll(ORIGIN).size() == 1;
  }

  /** Whether pages of this origin may send the session cookie. */
  boolean admitsCookies(String origin) {
    return credentials && origins.containsKey(origin);
  }

  /** What every answer says, also a refusal: a page must be able to read why. */
  void mark(MultiMap request, MultiMap answer) {
    if (origins.isEmpty()) {
      return;
    }
    answer.set(VARY, VARIES);
    String origin = request.get(ORIGIN);
    CharSequence configured = origin == null ? null : origins.get(origin);
    if (configured == null || request.getAll(ORIGIN).size() != 1) {
      return;
    }
    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, configured);
    if (credentials) {
      answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, TRUE);
    }
    if (!exposed.isEmpty()) {
      answer.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
  }

  /** Every answer to a preflight depends on what it asked for. */
  static void markPreflight(MultiMap answer) {
    answer.set(VARY, PREFLIGHT_VARIES);
    answer.remove(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS);
  }

  /** What an admitted origin may do at a path that has these methods, whatever it asked for. */
  void permit(Set<String> present, MultiMap answer) {
    answer.set(
        HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, list(methods.stream().filter(present::contains)));
    answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
    answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, maxAge);
  }

  private static CharSequence list(Stream<String> words) {
    return HttpHeaders.createOptimized(words.collect(Collectors.joining(", ")));
  }
}
