package io.portcullis.chat;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.portcullis.model.Caller;
import io.portcullis.model.Credential;
import io.portcullis.model.Rejection;
import io.portcullis.model.ServiceRequest;
import io.portcullis.model.ServiceResponse;
import io.portcullis.testing.OpenApiContract;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One request in the making. */
final class Wish {
  private static final OpenApiContract CONTRACT = new OpenApiContract();

  private final Asking by;
  private final String operation;
  private final Map<String, String> path = new HashMap<>();
  private final Map<String, String> query = new HashMap<>();
  private final Map<String, String> headers = new HashMap<>();
  private Buffer body = Buffer.buffer();

  Wish(Asking by, String operation) {
    this.by = by;
    this.operation = operation;
  }

  Wish id(String id) {
    path.put("id", id);
    return this;
  }

  Wish query(String name, String value) {
    query.put(name, value);
    return this;
  }

  Wish header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  Wish key(String key) {
    return header("idempotency-key", key);
  }

  Wish json(String text) {
    headers.putIfAbsent("content-type", "application/json");
    return bytes(Buffer.buffer(text));
  }

  Wish bytes(Buffer bytes) {
    body = bytes;
    return this;
  }

  Future<ServiceResponse> send() {
    Caller caller =
        new Caller(
            "https://issuer",
            by.subject(),
            by.subject(),
            "client",
            List.of(by.tenant().organization()),
            Optional.of(by.tenant()),
            by.roles(),
            Set.of(),
            Credential.of("jti", Instant.now(), Instant.now().plusSeconds(60)));
    return by.bus()
        .request(
            ConversationVerticle.SERVICE,
            new ServiceRequest(
                "request-1",
                caller,
                operation,
                path,
                query,
                headers,
                body,
                Instant.now().plus(Duration.ofSeconds(15))));
  }

  /** The answer, which is as the OpenAPI document has it. */
  ServiceResponse answer() {
    ServiceResponse response = Asking.await(send());
    Map<String, List<String>> answered = new HashMap<>();
    response.headers().forEach((name, value) -> answered.put(name, List.of(value)));
    answered.put("x-request-id", List.of("request-1"));
    if (!response.contentType().isEmpty()) {
      answered.put("content-type", List.of(response.contentType()));
    }
    CONTRACT.check(method(), target(), response.status(), answered, response.body().toString());
    return response;
  }

  private String method() {
    return switch (operation.substring(operation.indexOf('.') + 1)) {
      case "create" -> "POST";
      case "update" -> "PATCH";
      case "delete" -> "DELETE";
      default -> "GET";
    };
  }

  private String target() {
    String all = "/api/v1/conversations";
    String one = path.containsKey("id") ? all + "/" + path.get("id") : all;
    return operation.startsWith("message.") ? one + "/messages" : one;
  }

  JsonObject answerBody() {
    return Asking.body(answer());
  }

  Rejection refusal() {
    Future<ServiceResponse> sent = send();
    return assertInstanceOf(
        Rejection.class, assertThrows(RuntimeException.class, () -> Asking.await(sent)));
  }
}
