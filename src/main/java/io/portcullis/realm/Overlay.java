package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One realm file laid over another.
 *
 * <p>Objects merge member by member. Lists of named things merge by name: a thing of the same name
 * merges, a new one is added at the end. A list is one of named things when all its elements, in
 * both files, are objects with the same naming member, see {@link #NAMES}. All else is replaced. A
 * member that is null is removed.
 */
final class Overlay {
  /** What names a thing, the first that all elements of a list have. */
  static final List<String> NAMES = List.of("clientId", "username", "alias", "name");

  private Overlay() {}

  /** What both say together, and the upper where they disagree. The arguments stay as they are. */
  static JsonObject merge(JsonObject lower, JsonObject upper) {
    JsonObject merged = lower.copy();
    for (Map.Entry<String, Object> member : upper) {
      String name = member.getKey();
      Object value = upper.getValue(name);
      if (value == null) {
        merged.remove(name);
      } else {
        merged.put(name, merge(merged.getValue(name), value));
      }
    }
    return merged;
  }

  private static Object merge(@Nullable Object lower, Object upper) {
    if (upper instanceof JsonObject over) {
      return merge(lower instanceof JsonObject under ? under : new JsonObject(), over);
    }
    if (upper instanceof JsonArray over) {
      JsonArray under = lower instanceof JsonArray list ? list : new JsonArray();
      return nameOf(under, over).map(name -> merge(under, over, name)).orElseGet(over::copy);
    }
    return upper;
  }

  private static JsonArray merge(JsonArray lower, JsonArray upper, String name) {
    JsonArray merged = lower.copy();
    for (int i = 0; i < upper.size(); i++) {
      JsonObject over = upper.getJsonObject(i);
      int at = indexOf(merged, name, over.getString(name));
      if (at < 0) {
        merged.add(merge(new JsonObject(), over));
      } else {
        merged.set(at, merge(merged.getJsonObject(at), over));
      }
    }
    return merged;
  }

  private static int indexOf(JsonArray list, String name, String value) {
    for (int i = 0; i < list.size(); i++) {
      if (value.equals(list.getJsonObject(i).getString(name))) {
        return i;
      }
    }
    return -1;
  }

  /** The naming member of two lists; empty when they are not of named things. */
  static Optional<String> nameOf(JsonArray lower, JsonArray upper) {
    if (lower.isEmpty() && upper.isEmpty()) {
      return Optional.empty();
    }
    return NAMES.stream().filter(name -> allHave(lower, name) && allHave(upper, name)).findFirst();
  }

  private static boolean allHave(JsonArray list, String name) {
    return list.stream()
        .allMatch(
            element ->
                element instanceof JsonObject thing && thing.getValue(name) instanceof String);
  }
}
