package io.portcullis.gateway;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where a failure becomes an answer: a problem document (RFC 9457). A {@link
 * Rejection} says what it is; everything else is our mistake, logged once with its stack and
 * answered without a word about the inside.
 */
final class ErrorResponder {
  private static final Logger log = LoggerFactory.getLogger(ErrorResponder.class);
  private static final CharSequence PROBLEM_JSON =
      HttpHeaders.createOptimized("application/problem+json; charset=utf-8");

  private ErrorResponder() {}

  /** What a failure means to the caller. */
  static Rejection rejection(Exchange exchange, Throwable failure) {
    if (failure instanceof Rejection rejection) {
      return rejection;
    }
    if (failure instanceof RouteTable.MethodNotAllowed) {
      return Rejection.of(
          Problem.METHOD_NOT_ALLOWED, "method-not-allowed", "This path does not take this method.");
    }
    log.atError()
        .addKeyValue("event.action", "request.failed")
        .addKeyValue("http.request.id", exchange.id)
        .addKeyValue("url.path", exchange.request.path())
        .setCause(failure)
        .log("a request failed by our own mistake");
    return Rejection.of(Problem.INTERNAL, "internal", "Something went wrong on our side.");
  }

  /** Writes the answer. The exchange must have been claimed. */
  static void answer(
      Exchange exchange, Rejection rejection, Throwable failure, Challenges challenges) {
    HttpServerResponse response = exchange.response;
    Problem problem = rejection.problem();
    response.setStatusCode(problem.status());
    response.putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (problem == Problem.UNAUTHENTICATED) {
      response.putHeader("www-authenticate", challenges.of(exchange, rejection));
    }
    if (failure instanceof RouteTable.MethodNotAllowed methodNotAllowed) {
      response.putHeader(HttpHeaders.ALLOW, methodNotAllowed.allow);
    }
    Optional<Long> retryAfter =
        rejection.retryAfter().map(wait -> Math.max(1, (wait.toMillis() + 999) / 1000));
    if (retryAfter.isPresent()) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(retryAfter.get()));
    }
    String path = exchange.request.path();
    JsonObject document =
        new JsonObject()
            .put("type", problem.type())
            .put("title", problem.title())
            .put("status", problem.status())
            .put("detail", rejection.detail())
            .put("instance", path == null ? "" : path)
            .put("request_id", exchange.id);
    response.end(document.toBuffer());
  }
}
