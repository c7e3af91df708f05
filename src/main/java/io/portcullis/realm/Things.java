package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reading JSON whose form is known. */
final class Things {
  private Things() {}

  /** The objects of a list; none when there is no such list. */
  static List<JsonObject> objects(JsonObject owner, String member) {
    return objects(owner.getJsonArray(member, new JsonArray()));
  }

  static List<JsonObject> objects(JsonArray list) {
    return list.stream().map(JsonObject.class::cast).toList();
  }

  /** The objects of a list by the member that names them, in order. */
  static Map<String, JsonObject> byName(JsonArray list, String naming) {
    Map<String, JsonObject> things = new LinkedHashMap<>();
    objects(list).forEach(thing -> things.put(thing.getString(naming), thing));
    return things;
  }

  /** The texts of a list; none when there is no such list. */
  static Set<String> texts(JsonObject owner, String member) {
    return owner.getJsonArray(member, new JsonArray()).stream()
        .map(String.class::cast)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** A member that is an object; an empty one when it is not there. */
  static JsonObject object(JsonObject owner, String member) {
    return owner.getJsonObject(member, new JsonObject());
  }

  /** The same object without some members. */
  static JsonObject without(JsonObject object, Set<String> members) {
    JsonObject rest = object.copy();
    members.forEach(rest::remove);
    return rest;
  }
}
