package io.portcullis.audit;

import io.portcullis.audit.AuditTail.Line;
import io.vertx.core.json.JsonObject;

/** Entries as people read them. */
final class LineText {
  private LineText() {}

  /** In one line. */
  static String readable(Line line) {
    JsonObject event = new JsonObject(line.body());
    StringBuilder out = new StringBuilder(160);
    out.append(event.getString("at", "")).append("  ");
    out.append(line.chain()).append('#').append(line.seq());
    out.append("  ").append(printable(event.getString("type", "")));
    out.append("  ").append(event.getString("outcome", ""));
    append(out, "", event.getString("reason", ""));
    append(out, "actor=", event.getString("actor", ""));
    append(out, "request=", event.getString("request_id", ""));
    JsonObject details = event.getJsonObject("details", new JsonObject());
    details.forEach(detail -> append(out, detail.getKey() + "=", "" + detail.getValue()));
    return out.toString();
  }

  /** In a line for each fact. */
  static String explained(Line line) {
    JsonObject event = new JsonObject(line.body());
    StringBuilder out = new StringBuilder(400);
    out.append(event.getString("at", "")).append("  ");
    out.append(printable(event.getString("type", "")));
    row(out, "decision", event.getString("outcome", ""));
    row(out, "rule", event.getString("reason", ""));
    row(out, "actor", event.getString("actor", ""));
    row(out, line.chain().equals("platform") ? "trail" : "tenant", line.chain());
    row(out, "node", event.getString("node", ""));
    JsonObject details = event.getJsonObject("details", new JsonObject());
    details.forEach(detail -> row(out, detail.getKey(), "" + detail.getValue()));
    return out.toString();
  }

  private static void append(StringBuilder out, String label, String value) {
    if (!value.isEmpty()) {
      out.append("  ").append(printable(label)).append(printable(value));
    }
  }

  private static void row(StringBuilder out, String label, String value) {
    if (!value.isEmpty()) {
      out.append("\n  ").append("%-16s ".formatted(printable(label))).append(printable(value));
    }
  }

  /** What a caller wrote must not steer the terminal of the person who reads it. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
