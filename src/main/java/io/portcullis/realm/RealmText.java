package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A realm as people may read it. */
public final class RealmText {
  private RealmText() {}

  /** The representation without a secret. */
  public static String masked(RealmData data) {
    return object(data.json()).encodePrettily();
  }

  private static JsonObject object(JsonObject object) {
    JsonObject masked = new JsonObject();
    for (String name : object.fieldNames()) {
      masked.put(name, Drift.isSecret(name) ? "***" : value(object.getValue(name)));
    }
    return masked;
  }

  private static @Nullable Object value(@Nullable Object value) {
    if (value instanceof JsonObject object) {
      return object(object);
    }
    if (value instanceof JsonArray list) {
      JsonArray masked = new JsonArray();
      list.forEach(element -> masked.add(value(element)));
      return masked;
    }
    return value;
  }
}
