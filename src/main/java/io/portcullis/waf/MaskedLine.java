package io.portcullis.waf;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/** A transaction as one JSON line with ECS field names. */
final class MaskedLine {
  private MaskedLine() {}

  static Buffer of(Transaction entry, Instant at) {
    JsonArray rules = new JsonArray();
    for (Transaction.Match match : entry.matches()) {
      rules.add(
          new JsonObject()
              .put("id", Integer.toString(match.ruleId()))
              .put("description", match.message())
              .put("category", match.group().label())
              .put("target", match.target())
              .put("severity", match.severity())
              .put("detection_only", match.detection()));
    }
    JsonObject line =
        new JsonObject()
            .put("@timestamp", at.toString())
            .put("ecs.version", "8.11")
            .put("event.dataset", "waf")
            .put("event.kind", entry.refused() ? "alert" : "event")
            .put("event.action", entry.refused() ? "waf.blocked" : "waf.noticed")
            .put("event.outcome", entry.refused() ? "failure" : "success")
            .put("event.risk_score", entry.score())
            .put("http.request.id", entry.id())
            .put("http.request.method", entry.method())
            .put("http.response.status_code", entry.status())
            .put("url.path", entry.path())
            .put("source.ip", entry.client())
            .put("waf.rule_group", entry.group().label())
            .put("waf.rules", rules);
    return line.toBuffer().appendByte((byte) '\n');
  }
}
