package io.portcullis.logs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;

/** The names of a document's fields, as a template names them. */
final class Fields {
  /** What takes any object as it is. */
  private static final Set<String> WHOLE = Set.of("portcullis.audit.details");

  private Fields() {}

  static Set<String> of(JsonObject document) {
    Set<String> fields = new TreeSet<>();
    document.forEach(field -> add(field.getKey(), field.getValue(), fields));
    return fields;
  }

  private static void add(String name, Object value, Set<String> fields) {
    if (value instanceof JsonObject object && !WHOLE.contains(name)) {
      object.forEach(field -> add(name + "." + field.getKey(), field.getValue(), fields));
    } else if (value instanceof JsonArray array
        && array.stream().anyMatch(JsonObject.class::isInstance)) {
      array.forEach(element -> add(name, element, fields));
    } else {
      fields.add(name);
    }
  }
}
