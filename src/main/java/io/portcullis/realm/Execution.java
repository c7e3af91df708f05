package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One step of a login flow as Keycloak has it, with the steps below it when it is a flow itself.
 *
 * @param info Keycloak's description, without the steps below
 */
record Execution(JsonObject info, List<Execution> below) {

  /** The tree from Keycloak's list, which is in order and tells each step's depth. */
  static List<Execution> tree(JsonArray list) {
    List<Execution> top = new ArrayList<>();
    List<List<Execution>> open = new ArrayList<>(List.of(top));
    for (JsonObject info : Things.objects(list)) {
      int level = info.getInteger("level");
      while (open.size() > level + 1) {
        open.removeLast();
      }
      Execution execution = new Execution(info, new ArrayList<>());
      open.getLast().add(execution);
      open.add(execution.below);
    }
    return top;
  }

  String id() {
    return info.getString("id");
  }

  /** What the data calls it: the flow's name or the authenticator's. */
  String name() {
    return info.getBoolean("authenticationFlow", false)
        ? info.getString("displayName")
        : info.getString("providerId");
  }

  /** Steps by their names. */
  static Map<String, Execution> byName(List<Execution> executions) {
    Map<String, Execution> byName = new LinkedHashMap<>();
    executions.forEach(execution -> byName.putIfAbsent(execution.name(), execution));
    return byName;
  }

  /** What a step of the data is called. */
  static String name(JsonObject shall) {
    String flow = shall.getString("flowAlias");
    return flow != null ? flow : shall.getString("authenticator");
  }
}
