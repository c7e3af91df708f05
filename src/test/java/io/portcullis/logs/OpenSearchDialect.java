package io.portcullis.logs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * The one place where our templates, which are Elasticsearch's, are changed for OpenSearch: it has
 * no ILM, calls {@code flattened} {@code flat_object}, and wants the value of a constant when the
 * field is made. Everything else goes there as it stands in the files.
 */
final class OpenSearchDialect {
  private OpenSearchDialect() {}

  /** A template or a component of one. */
  static JsonObject of(JsonObject template) {
    JsonObject changed = new JsonObject();
    for (Map.Entry<String, Object> member : template) {
      if (!member.getKey().startsWith("index.lifecycle.")) {
        changed.put(member.getKey(), changed(member.getValue()));
      }
    }
    return switch ("" + changed.getValue("type")) {
      case "flattened" -> new JsonObject().put("type", "flat_object");
      case "constant_keyword" -> new JsonObject().put("type", "keyword");
      default -> changed;
    };
  }

  private static Object changed(Object value) {
    return switch (value) {
      case JsonObject object -> of(object);
      case JsonArray array ->
          new JsonArray(array.stream().map(OpenSearchDialect::changed).toList());
      default -> value;
    };
  }
}
