package io.portcullis.operate;

import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.json.JsonTextException;
import io.portcullis.model.Caller;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request to the admin API: who asks, what, and the two ways to answer. Confined to the event
 * loop of the management listener.
 */
final class Operation {
  private static final JsonLimits LIMITS = new JsonLimits(AdminApi.MAX_BODY_BYTES, 1, 1_024, 16);

  private final RoutingContext context;
  private final String id;
  private @Nullable Caller caller;

  Operation(RoutingContext context, String id) {
    this.context = context;
    this.id = id;
  }

  String id() {
    return id;
  }

  List<String> authorization() {
    return context.request().headers().getAll("authorization");
  }

  String address() {
    return String.valueOf(context.request().remoteAddress().hostAddress());
  }

  String method() {
    return context.request().method().name();
  }

  String path() {
    return String.valueOf(context.request().path());
  }

  void by(Caller proved) {
    caller = proved;
  }

  /** Who asks, for the trail. */
  String actor() {
    return caller().map(Caller::subject).orElse("anonymous");
  }

  Optional<Caller> caller() {
    return Optional.ofNullable(caller);
  }

  String pathParameter(String name) {
    return String.valueOf(context.pathParam(name));
  }

  /** A parameter of the query that must be there once, and must not be long. */
  String query(String name) {
    List<String> values;
    try {
      values = context.queryParam(name);
    } catch (IllegalArgumentException | HttpException malformed) {
      throw invalid("The query is not well-formed.");
    }
    if (values.size() != 1 || values.getFirst().isBlank() || values.getFirst().length() > 512) {
      throw invalid("The query needs \"" + name + "\" once.");
    }
    return values.getFirst();
  }

  /** The body, which must be a flat JSON object with no other members than these. */
  JsonObject body(Set<String> members) {
    String type = String.valueOf(context.request().getHeader("content-type"));
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw Rejection.of(
          Problem.UNSUPPORTED_MEDIA_TYPE, "not-json", "The body must be application/json.");
    }
    try {
      Buffer text = context.body().buffer();
      JsonObject body = JsonText.parseObject(text == null ? Buffer.buffer() : text, LIMITS);
      for (String name : body.fieldNames()) {
        if (!members.contains(name)) {
          throw invalid("The body has an unknown member; known are " + sorted(members) + ".");
        }
      }
      return body;
    } catch (JsonTextException e) {
      throw invalid("The body is not the JSON that is expected: " + e.getMessage() + ".");
    }
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  static Rejection invalid(String detail) {
    return Rejection.of(Problem.INVALID_REQUEST, "request-invalid", detail);
  }

  void answer(AdminAnswer answer) {
    HttpServerResponse response = head(answer.status());
    Optional<JsonObject> body = answer.body();
    if (body.isPresent()) {
      response.putHeader("content-type", "application/json").end(body.get().toBuffer());
    } else {
      response.end();
    }
  }

  /** A problem document (RFC 9457). */
  void refuse(Rejection rejection) {
    Problem problem = rejection.problem();
    HttpServerResponse response = head(problem.status());
    if (problem == Problem.UNAUTHENTICATED) {
      String error = rejection.reason().equals("token-missing") ? "" : ", error=\"invalid_token\"";
      response.putHeader("www-authenticate", "Bearer realm=\"portcullis-admin\"" + error);
    }
    rejection
        .retryAfter()
        .ifPresent(
            wait ->
                response.putHeader(
                    "retry-after", Long.toString(Math.max(1, (wait.toMillis() + 999) / 1000))));
    response
        .putHeader("content-type", "application/problem+json; charset=utf-8")
        .end(
            new JsonObject()
                .put("type", problem.type())
                .put("title", problem.title())
                .put("status", problem.status())
                .put("detail", rejection.detail())
                .put("instance", path())
                .put("request_id", id)
                .toBuffer());
  }

  private HttpServerResponse head(int status) {
    return context
        .response()
        .setStatusCode(status)
        .putHeader("x-request-id", id)
        .putHeader("x-content-type-options", "nosniff")
        .putHeader("cache-control", "no-store");
  }

  boolean isAnswered() {
    return context.response().ended() || context.response().closed();
  }
}
