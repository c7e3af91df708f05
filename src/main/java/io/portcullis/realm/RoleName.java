package io.portcullis.realm;

import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A role.
 *
 * @param client whose role it is; empty for the realm's
 */
record RoleName(String client, String name) {

  /** The roles named by two members: a list, and lists by client. */
  static Set<RoleName> of(JsonObject owner, String realmRoles, String clientRoles) {
    Set<RoleName> roles = new LinkedHashSet<>();
    Things.texts(owner, realmRoles).forEach(name -> roles.add(new RoleName("", name)));
    JsonObject clients = Things.object(owner, clientRoles);
    for (String client : clients.fieldNames()) {
      Things.texts(clients, client).forEach(name -> roles.add(new RoleName(client, name)));
    }
    return roles;
  }

  @Override
  public String toString() {
    return client.isEmpty() ? name : client + "." + name;
  }
}
