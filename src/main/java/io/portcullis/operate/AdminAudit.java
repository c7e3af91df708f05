package io.portcullis.operate;

import io.portcullis.audit.AuditTail.Line;
import io.portcullis.audit.RequestTrail;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Function;

/** {@code /admin/v1/audit}: what the trail knows of one request. */
final class AdminAudit {
  private final Function<String, Future<List<Line>>> history;

  AdminAudit(Function<String, Future<List<Line>>> history) {
    this.history = history;
  }

  Future<AdminAnswer> ofRequest(Operation operation) {
    String id = operation.query("request_id");
    if (!RequestTrail.isRequestId(id)) {
      throw Operation.invalid("This is not the id of a request.");
    }
    return history
        .apply(id)
        .map(
            lines -> {
              if (lines.isEmpty()) {
                throw Rejection.of(
                    Problem.NOT_FOUND, "request-unknown", "The trail knows nothing of it.");
              }
              JsonArray entries = new JsonArray();
              lines.forEach(line -> entries.add(json(line)));
              return AdminAnswer.ok(new JsonObject().put("request_id", id).put("entries", entries));
            });
  }

  private static JsonObject json(Line line) {
    return new JsonObject()
        .put("chain", line.chain())
        .put("seq", line.seq())
        .put("entry", new JsonObject(line.body()));
  }
}
