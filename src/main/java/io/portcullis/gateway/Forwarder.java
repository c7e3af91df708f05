package io.portcullis.gateway;

import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.upstream.UpstreamClient;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Streams a request to an internal service and its answer back, with back-pressure both ways. Short
 * answers of known length are taken whole, because one write is cheaper than a pipe.
 *
 * <p>Credentials end here: the service gets who the caller is in headers that a caller cannot set.
 */
final class Forwarder {
  private static final long WHOLE_BYTES = 16 * 1024;

  // Names that are checked once instead of for every request.
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
  private static final CharSequence TENANT = HttpHeaders.createOptimized("x-portcullis-tenant");
  private static final CharSequence SUBJECT = HttpHeaders.createOptimized("x-portcullis-subject");
  private static final CharSequence ROLES = HttpHeaders.createOptimized("x-portcullis-roles");

  private static final String IDENTITY_PREFIX = "x-portcullis-";

  /**
   * Hop-by-hop fields (RFC 9110, section 7.6.1) and what must not travel further than this door.
   */
  private static final Set<String> DROPPED_INBOUND =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "host",
          "authorization",
          "dpop",
          "cookie",
          "expect",
          "traceparent",
          "x-request-id",
          "x-tenant",
          "client-cert",
          "client-cert-chain",
          "x-client-cert",
          "x-ssl-client-cert",
          "ssl-client-cert",
          "forwarded",
          "x-real-ip",
          "x-original-url",
          "x-rewrite-url",
          "x-http-method",
          "x-http-method-override",
          "x-method-override");

  /** What caches obey besides, some of them first. */
  private static final Set<String> CACHE_ORDERS =
      Set.of("expires", "cdn-cache-control", "surrogate-control", "x-accel-expires");

  private static final Set<String> DROPPED_OUTBOUND =
      OwnHeaders.andReserved(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authentication-info",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "server",
          "via",
          "x-powered-by",
          "x-aspnet-version",
          "x-runtime",
          "set-cookie",
          "dpop-nonce",
          "date",
          "traceparent",
          "x-request-id",
          "ratelimit",
          "ratelimit-policy");

  /** What says how to read the content: {@code Connection} cannot take it from its reader. */
  private static final Set<String> END_TO_END =
      Set.of(
          "content-length",
          "content-type",
          "content-encoding",
          "content-language",
          "content-range",
          "content-disposition",
          "content-digest",
          "cache-control",
          "etag",
          "vary",
          "idempotency-key",
          "if-match",
          "if-none-match",
          "if-modified-since",
          "if-unmodified-since",
          "range");

  /** Fields that mean something once: of several the first counts. */
  private static final Set<String> SINGLE =
      Set.of("content-type", "content-encoding", "content-range", "etag", "location", "age");

  private final Map<String, UpstreamClient> clients;

  Forwarder(Map<String, UpstreamClient> clients) {
    this.clients = Map.copyOf(clients);
  }

  /**
   * Completes when the answer has been written; fails with a {@link Rejection} while none has
   * begun.
   */
  Future<Void> forward(Exchange exchange, String upstream, BodyLimit limit) {
    UpstreamClient client = clients.get(upstream);
    if (client == null) {
      return Future.failedFuture(Rejection.unavailable(upstream));
    }
    HttpServerRequest request = exchange.request;
    return client
        .request(request.method(), request.uri())
        .compose(outbound -> sendUnlessOver(exchange, outbound, limit))
        .recover(failure -> Future.failedFuture(limit.orElse(UpstreamClient.refusal(failure))))
        .compose(answer -> relay(exchange, answer));
  }

  /** While it waited for a connection its caller may have been answered, or gone. */
  private Future<HttpClientResponse> sendUnlessOver(
      Exchange exchange, HttpClientRequest outbound, BodyLimit limit) {
    if (exchange.isOver()) {
      breakOff(outbound);
      return Future.failedFuture("nobody waits for the answer");
    }
    try {
      return send(exchange, outbound, limit);
    } catch (RuntimeException failure) {
      breakOff(outbound);
      throw failure;
    }
  }

  private Future<HttpClientResponse> send(
      Exchange exchange, HttpClientRequest outbound, BodyLimit limit) {
    exchange.onAbort(() -> breakOff(outbound));
    HttpServerRequest request = exchange.request;
    copy(request.headers(), outbound.headers(), DROPPED_INBOUND);
    outbound.putHeader(REQUEST_ID, exchange.id);
    outbound.putHeader(TRACEPARENT, exchange.trace.traceparent());
    outbound.putHeader(FORWARDED_FOR, exchange.clientAddress);
    exchange.caller().ifPresent(caller -> identify(outbound, caller));
    if (!exchange.hasBody()) {
      return outbound.send();
    }
    if (request.getHeader("content-length") == null) {
      outbound.setChunked(true);
    }
    return outbound.send(limit.watch(request, () -> breakOff(outbound), exchange::readsBody));
  }

  /**
   * Ends the connection with the request. A reset alone lets a connection whose answer has come
   * back into the pool, and the service would take the next request for the rest of this body.
   */
  private static void breakOff(HttpClientRequest outbound) {
    outbound.reset(0);
    if (outbound.connection() != null) {
      outbound.connection().close();
    }
  }

  private static void identify(HttpClientRequest outbound, Caller caller) {
    caller.tenant().ifPresent(tenant -> outbound.putHeader(TENANT, tenant.id().value()));
    outbound.putHeader(SUBJECT, caller.subject());
    outbound.putHeader(ROLES, String.join(",", caller.roles()));
  }

  private static Future<Void> relay(Exchange exchange, HttpClientResponse answer) {
    HttpServerResponse response = exchange.response;
    long length = length(answer);
    if (length >= 0 && length <= WHOLE_BYTES) {
      return answer
          .body()
          .recover(failure -> Future.failedFuture(UpstreamClient.refusal(failure)))
          .compose(
              body -> {
                if (exchange.isTakenBack() || !exchange.claimAnswer()) {
                  return Future.succeededFuture();
                }
                head(exchange, answer);
                return response.end(body);
              });
    }
    if (exchange.isTakenBack() || !exchange.claimAnswer()) {
      exchange.abort();
      return Future.succeededFuture();
    }
    head(exchange, answer);
    if (length < 0) {
      response.setChunked(true);
    }
    exchange.streaming();
    // A broken stream must look broken to the caller: the connection ends without the last chunk.
    return answer
        .pipe()
        .endOnFailure(false)
        .to(response)
        .onFailure(failure -> exchange.request.connection().close());
  }

  private static void head(Exchange exchange, HttpClientResponse answer) {
    exchange.response.setStatusCode(answer.statusCode());
    MultiMap headers = exchange.response.headers();
    if (answer.headers().contains(HttpHeaders.CACHE_CONTROL)) {
      headers.remove(HttpHeaders.CACHE_CONTROL);
    }
    copy(answer.headers(), headers, DROPPED_OUTBOUND);
    if (exchange.session().isPresent()) {
      keepFromCaches(headers);
    }
    List<String> varies = headers.getAll(HttpHeaders.VARY);
    if (varies.size() > 1) {
      headers.set(HttpHeaders.VARY, String.join(", ", varies));
    }
    String type = headers.get("content-type");
    if (type != null && type.startsWith("text/event-stream")) {
      // Nginx gathers answers in buffers unless it is told that the pieces matter.
      headers.set("x-accel-buffering", "no");
    }
  }

  /**
   * Caches keep answers to {@code Authorization} apart by themselves (RFC 9111, 3.5), but know
   * nothing of a session's cookie; and the service cannot know by which of them its caller came.
   */
  private static void keepFromCaches(MultiMap headers) {
    headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
    CACHE_ORDERS.forEach(headers::remove);
  }

  private static void copy(MultiMap from, MultiMap to, Set<String> dropped) {
    Set<String> named = named(from);
    for (Map.Entry<String, String> header : from) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!dropped.contains(name)
          && !named.contains(name)
          && !isForged(name)
          && !(SINGLE.contains(name) && to.contains(name))) {
        to.add(header.getKey(), header.getValue());
      }
    }
  }

  /** Names that only we may use, in every spelling that some server behind us takes for them. */
  private static boolean isForged(String name) {
    return name.startsWith(IDENTITY_PREFIX)
        || Hearsay.is(name)
        || name.startsWith("access-control-")
        || !isPlain(name);
  }

  /** Servers that make variables of headers take every other sign for the hyphen. */
  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '-' && (c < '0' || c > '9') && (c < 'a' || c > 'z')) {
        return false;
      }
    }
    return true;
  }

  /** Fields that {@code Connection} names are hop-by-hop too. */
  private static Set<String> named(MultiMap headers) {
    if (!headers.contains("connection")) {
      return Set.of();
    }
    return headers.getAll("connection").stream()
        .flatMap(value -> java.util.Arrays.stream(value.split(",")))
        .map(name -> name.trim().toLowerCase(Locale.ROOT))
        .filter(name -> !END_TO_END.contains(name))
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static long length(HttpClientResponse answer) {
    String value = answer.getHeader("content-length");
    if (value == null) {
      return answer.statusCode() == 204 || answer.statusCode() == 304 ? 0 : -1;
    }
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw Rejection.of(
          Problem.UPSTREAM_FAILED,
          "upstream-length-invalid",
          "The service behind the gateway gave an answer that cannot be passed on.");
    }
  }
}
