package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Set;

/** Roles of the realm and of clients, with their parts; groups with the roles that they give. */
final class Roles {
  private static final Set<String> APART = Set.of("composite", "composites");
  private static final Set<String> GROUP_APART = Set.of("realmRoles", "clientRoles");

  /** Keycloak's own. */
  private static final Set<RoleName> OF_EVERYBODY =
      Set.of(
          new RoleName("", "offline_access"),
          new RoleName("", "uma_authorization"),
          new RoleName("account", "manage-account"),
          new RoleName("account", "view-profile"));

  private final Run run;
  private final JsonObject data;
  private final ClientIndex clients;
  private final HeldRoles held;

  Roles(Run run, JsonObject data, ClientIndex clients, HeldRoles held) {
    this.run = run;
    this.data = data;
    this.clients = clients;
    this.held = held;
  }

  /** All roles first, then their parts. */
  void roles() {
    JsonObject roles = Things.object(data, "roles");
    JsonObject ofClients = Things.object(roles, "client");
    JsonArray ofRealm = roles.getJsonArray("realm", new JsonArray());
    each("roles/", "", ofRealm, this::role);
    for (String client : ofClients.fieldNames()) {
      clients
          .path(client)
          .ifPresent(path -> each(label(client), path, ofClients.getJsonArray(client), this::role));
    }
    each("roles/", "", ofRealm, this::parts);
    for (String client : ofClients.fieldNames()) {
      clients
          .path(client)
          .ifPresent(
              path -> each(label(client), path, ofClients.getJsonArray(client), this::parts));
    }
  }

  private static String label(String client) {
    return "roles/" + client + ".";
  }

  private interface Step {
    void run(String label, String roles, JsonObject role);
  }

  private static void each(String label, String owner, JsonArray roles, Step step) {
    for (JsonObject role : Things.objects(roles)) {
      step.run(label + role.getString("name"), owner + "/roles", role);
    }
  }

  private void role(String label, String roles, JsonObject shall) {
    String path = roles + "/" + AdminApi.segment(shall.getString("name"));
    JsonObject itself = Things.without(shall, APART);
    run.find(path)
        .ifPresentOrElse(
            is -> {
              if (run.differs(label, itself, is)) {
                run.put(path, Overlay.merge(is, itself));
              }
            },
            () -> {
              run.tell(Drift.missing(label));
              run.post(roles, itself);
            });
  }

  private void parts(String label, String roles, JsonObject shall) {
    String path = roles + "/" + AdminApi.segment(shall.getString("name"));
    if (run.checks() && run.find(path).isEmpty()) {
      return;
    }
    Set<RoleName> parts = RoleName.of(Things.object(shall, "composites"), "realm", "client");
    held.composites(label + "/composites", path, parts);
  }

  /** What Keycloak gives to everybody, and no more: whoever adds a role here gives it to all. */
  void ofEverybody() {
    JsonObject role = Things.object(run.object(""), "defaultRole");
    if (role.containsKey("name")) {
      String name = role.getString("name");
      held.composites(
          "roles/" + name + "/composites", "/roles/" + AdminApi.segment(name), OF_EVERYBODY);
    }
  }

  /** Groups at the top, with exactly their roles. */
  void groups() {
    Map<String, JsonObject> known = read();
    for (JsonObject shall : Things.objects(data, "groups")) {
      String name = shall.getString("name");
      if (!known.containsKey(name)) {
        run.tell(Drift.missing("groups/" + name));
        run.post("/groups", Things.without(shall, GROUP_APART));
        known = run.checks() ? known : read();
      }
      JsonObject is = known.get(name);
      if (is != null) {
        String path = "/groups/" + is.getString("id") + "/role-mappings";
        held.mappings("groups/" + name, path, RoleName.of(shall, "realmRoles", "clientRoles"));
      }
    }
  }

  private Map<String, JsonObject> read() {
    return Things.byName(run.list("/groups?max=10000"), "name");
  }
}
