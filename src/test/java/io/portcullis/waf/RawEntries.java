package io.portcullis.waf;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Lines as libmodsecurity 3.0.9 writes them, by hand. */
final class RawEntries {
  private RawEntries() {}

  static String refused(String id, String client, String uri) {
    return entry(
        id,
        client,
        uri,
        match(942100, "SQL Injection Attack", "ARGS:q", "1' or '1'='1", "attack-sqli"),
        match(
            949110,
            "Inbound Anomaly Score Exceeded (Total Score: 5)",
            "TX:ANOMALY_SCORE",
            "5",
            "attack-generic"));
  }

  static String entry(String id, String client, String uri, JsonObject... matches) {
    return new JsonObject()
        .put(
            "transaction",
            new JsonObject()
                .put("client_ip", client)
                .put("time_stamp", "Sat Nov 21 23:48:23 2026")
                .put("unique_id", id)
                .put(
                    "request",
                    new JsonObject().put("method", "GET").put("http_version", 1.1).put("uri", uri))
                .put("response", new JsonObject().put("http_code", 403))
                .put("messages", new JsonArray(List.of(matches))))
        .encode();
  }

  static JsonObject match(int rule, String message, String target, String value, String tag) {
    return new JsonObject()
        .put("message", message)
        .put(
            "details",
            new JsonObject()
                .put(
                    "match",
                    "Matched \"Operator `Rx' with parameter `x' against variable `%s' (Value: `%s' )"
                        .formatted(target, value))
                .put("ruleId", Integer.toString(rule))
                .put("data", "Matched Data: " + value)
                .put("severity", "2")
                .put("tags", new JsonArray().add("OWASP_CRS").add(tag)));
  }
}
