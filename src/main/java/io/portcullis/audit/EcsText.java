package io.portcullis.audit;

import io.portcullis.audit.AuditTail.Line;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An entry with the field names of the Elastic Common Schema 8.11, for a store of logs. It is a
 * projection: the trail itself, with the bytes under the hash, stays in the database, and chain and
 * number of an entry are its identity there and here.
 */
final class EcsText {
  private static final Pattern ADDRESS =
      Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private EcsText() {}

  static String of(Line line) {
    JsonObject entry = new JsonObject(line.body());
    String type = entry.getString("type", "");
    String outcome = entry.getString("outcome", "");
    JsonObject details = entry.getJsonObject("details", new JsonObject());
    JsonObject ecs =
        new JsonObject()
            .put("@timestamp", entry.getString("at"))
            .put("ecs.version", "8.11")
            .put("message", message(entry))
            .put("event.dataset", "portcullis.audit")
            .put("event.kind", "event")
            .put("event.id", entry.getString("id"))
            .put("event.action", type)
            .put("event.outcome", outcome(outcome))
            .put("event.sequence", line.seq())
            .put("event.hash", line.hash())
            .put("service.name", "portcullis")
            .put("service.node.name", entry.getString("node", ""))
            .put("user.id", entry.getString("actor", ""))
            .put("portcullis.audit.chain", line.chain())
            .put("portcullis.audit.outcome", outcome)
            .put("portcullis.audit.weight", entry.getString("weight", ""))
            .put("portcullis.audit.details", details);
    category(type).ifPresent(name -> ecs.put("event.category", new JsonArray().add(name)));
    put(ecs, "event.reason", entry.getString("reason", ""));
    put(ecs, "http.request.id", entry.getString("request_id", ""));
    if (details.getValue("client") instanceof String client && ADDRESS.matcher(client).matches()) {
      ecs.put("source.ip", client);
    }
    return ecs.encode();
  }

  private static String message(JsonObject entry) {
    String reason = entry.getString("reason", "");
    return entry.getString("type", "")
        + " "
        + entry.getString("outcome", "")
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  /** What ECS knows; an intention has no outcome yet. */
  private static String outcome(String outcome) {
    return switch (outcome) {
      case "success" -> "success";
      case "requested" -> "unknown";
      default -> "failure";
    };
  }

  /** The category of ECS for the first word of a type; none for what ECS has no word for. */
  private static Optional<String> category(String type) {
    int dot = type.indexOf('.');
    return switch (dot < 0 ? type : type.substring(0, dot)) {
      case "authentication", "login", "logout" -> Optional.of("authentication");
      case "session" -> Optional.of("session");
      case "authorization", "tenant", "access" -> Optional.of("iam");
      case "waf" -> Optional.of("intrusion_detection");
      case "peer", "limit" -> Optional.of("network");
      case "conversation" -> Optional.of("database");
      default -> Optional.empty();
    };
  }

  private static void put(JsonObject ecs, String field, String value) {
    if (!value.isEmpty()) {
      ecs.put(field, value);
    }
  }
}
