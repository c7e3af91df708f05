package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The clients that Keycloak has, by the name that the data calls them. */
final class ClientIndex {
  private final Run run;
  private final Map<String, JsonObject> byName = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();

  ClientIndex(Run run) {
    this.run = run;
    read();
  }

  /** Reads them anew, after one was made. */
  void read() {
    byName.clear();
    names.clear();
    for (JsonObject client : Things.objects(run.list("/clients?max=10000"))) {
      byName.put(client.getString("clientId"), client);
      names.put(client.getString("id"), client.getString("clientId"));
    }
  }

  Optional<JsonObject> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** The path of a client; empty when there is none of that name. */
  Optional<String> path(String name) {
    return find(name).map(client -> "/clients/" + client.getString("id"));
  }

  /** What a client of that id is called. */
  String name(String id) {
    return names.getOrDefault(id, id);
  }

  /** The roles in Keycloak's list. */
  Map<RoleName, JsonObject> roles(JsonArray list) {
    Map<RoleName, JsonObject> roles = new HashMap<>();
    for (JsonObject role : Things.objects(list)) {
      boolean ofClient = role.getBoolean("clientRole", false);
      String client = ofClient ? name(role.getString("containerId", "")) : "";
      roles.put(new RoleName(client, role.getString("name")), role);
    }
    return roles;
  }
}
