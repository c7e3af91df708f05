package io.portcullis.operate;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What an operation ends in: a status and, mostly, a JSON object. */
record AdminAnswer(int status, Optional<JsonObject> body) {
  static AdminAnswer ok(JsonObject body) {
    return new AdminAnswer(200, Optional.of(body));
  }

  static AdminAnswer created(JsonObject body) {
    return new AdminAnswer(201, Optional.of(body));
  }

  static AdminAnswer done() {
    return new AdminAnswer(204, Optional.empty());
  }
}
