package io.portcullis.gateway;

import io.portcullis.model.Caller;
import io.portcullis.model.Decision;
import io.portcullis.model.ServiceResponse;
import io.portcullis.model.Tenant;
import io.portcullis.session.Session;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The few operations that the gateway answers by itself, because it alone knows the answer. */
final class LocalOperations {
  static final List<String> NAMES = List.of("me", "quota", "openapi");

  private static final String CACHED = "public, max-age=300, stale-while-revalidate=3600";

  private final ServiceResponse openapi;
  private final ServiceResponse openapiUnchanged;
  private final String openapiTag;

  LocalOperations() {
    Buffer document = resource("/openapi.json");
    openapiTag = EntityTag.of(document);
    Map<String, String> headers = Map.of("cache-control", CACHED, "etag", openapiTag);
    openapi = new ServiceResponse(200, headers, document, "application/json");
    openapiUnchanged = new ServiceResponse(304, headers, Buffer.buffer(), "");
  }

  /** Answers; the route table knows only the names above. */
  ServiceResponse answer(String operation, Exchange exchange) {
    return switch (operation) {
      case "me" -> json(me(exchange, exchange.caller().orElseThrow()));
      case "quota" -> json(quota(exchange.decision().orElseThrow()));
      case "openapi" ->
          EntityTag.matches(exchange.request.headers().getAll("if-none-match"), openapiTag)
              ? openapiUnchanged
              : openapi;
      default -> throw new IllegalStateException("no local operation " + operation);
    };
  }

  private static JsonObject me(Exchange exchange, Caller caller) {
    return new JsonObject()
        .put("tenant", caller.tenant().map(Tenant::name).orElse(null))
        .put("subject", caller.subject())
        .put("username", caller.username())
        .put("roles", new JsonArray(caller.roles().stream().sorted().toList()))
        .put("scopes", new JsonArray(caller.scopes().stream().sorted().toList()))
        .put("session", exchange.session().map(LocalOperations::session).orElse(null))
        .put("certificate_thumbprint", exchange.certificateThumbprint().orElse(null));
  }

  private static JsonObject session(Session session) {
    return new JsonObject()
        .put("id", session.id())
        .put("level", session.level())
        .put("created_at", session.created().truncatedTo(ChronoUnit.SECONDS).toString())
        .put("ends_at", session.absoluteEnd().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private static JsonObject quota(Decision decision) {
    JsonArray limits = new JsonArray();
    for (Decision.Limit limit : decision.limits()) {
      limits.add(
          new JsonObject()
              .put("policy", limit.policy())
              .put("limit", limit.quota())
              .put("window_seconds", limit.windowSeconds())
              .put("remaining", limit.remaining())
              .put("reset_seconds", limit.resetSeconds()));
    }
    return new JsonObject().put("limits", limits);
  }

  private static ServiceResponse json(JsonObject body) {
    return new ServiceResponse(200, Map.of(), body.toBuffer(), "application/json");
  }

  private static Buffer resource(String name) {
    try (InputStream in = LocalOperations.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing from the jar");
      }
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
