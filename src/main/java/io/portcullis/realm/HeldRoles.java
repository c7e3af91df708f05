package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The roles that something holds: a role its parts, a scope those it lets through, a group or a
 * service account those it has. Exactly those that the data names; others are taken away, because a
 * role too many is what an intruder leaves behind.
 */
final class HeldRoles {
  private final Run run;
  private final ClientIndex clients;

  HeldRoles(Run run, ClientIndex clients) {
    this.run = run;
    this.clients = clients;
  }

  /** The parts of a role. */
  void composites(String label, String path, Set<RoleName> shall) {
    Map<RoleName, JsonObject> is = clients.roles(run.list(path + "/composites"));
    Changes changes = changes(label, shall, is);
    if (!changes.added.isEmpty()) {
      run.post(path + "/composites", new JsonArray(changes.added));
    }
    if (!changes.removed.isEmpty()) {
      run.delete(path + "/composites", new JsonArray(changes.removed));
    }
  }

  /**
   * The roles of a group, a user, a client or a scope.
   *
   * @param path of its {@code role-mappings} or {@code scope-mappings}
   */
  void mappings(String label, String path, Set<RoleName> shall) {
    Changes changes = changes(label, shall, mapped(run.object(path)));
    byTarget(changes.added).forEach((target, roles) -> run.post(path + target, roles));
    byTarget(changes.removed).forEach((target, roles) -> run.delete(path + target, roles));
  }

  private static Map<RoleName, JsonObject> mapped(JsonObject mappings) {
    Map<RoleName, JsonObject> is = new HashMap<>();
    for (JsonObject role : Things.objects(mappings, "realmMappings")) {
      is.put(new RoleName("", role.getString("name")), role);
    }
    JsonObject byClient = Things.object(mappings, "clientMappings");
    for (String client : byClient.fieldNames()) {
      for (JsonObject role : Things.objects(byClient.getJsonObject(client), "mappings")) {
        is.put(new RoleName(client, role.getString("name")), role);
      }
    }
    return is;
  }

  private Changes changes(String label, Set<RoleName> shall, Map<RoleName, JsonObject> is) {
    Changes changes = new Changes(new ArrayList<>(), new ArrayList<>());
    for (RoleName role : shall) {
      if (!is.containsKey(role)) {
        run.tell(Drift.missing(label + "/" + role));
        representation(role).ifPresent(changes.added::add);
      }
    }
    is.forEach(
        (role, representation) -> {
          if (!shall.contains(role)) {
            run.tell(Drift.foreign(label + "/" + role));
            changes.removed.add(representation);
          }
        });
    return changes;
  }

  /** Empty only in a check, where a missing role stays missing. */
  private Optional<JsonObject> representation(RoleName role) {
    Optional<String> owner =
        role.client().isEmpty() ? Optional.of("") : clients.path(role.client());
    Optional<JsonObject> found =
        owner.flatMap(path -> run.find(path + "/roles/" + AdminApi.segment(role.name())));
    if (found.isEmpty() && !run.checks()) {
      throw new RealmException("The realm's data hands out the role " + role + " and has none");
    }
    return found;
  }

  private Map<String, JsonArray> byTarget(List<JsonObject> roles) {
    Map<String, JsonArray> targets = new TreeMap<>();
    for (JsonObject role : roles) {
      String target =
          role.getBoolean("clientRole", false)
              ? "/clients/" + role.getString("containerId")
              : "/realm";
      targets.computeIfAbsent(target, key -> new JsonArray()).add(role);
    }
    return targets;
  }

  private record Changes(List<JsonObject> added, List<JsonObject> removed) {}
}
