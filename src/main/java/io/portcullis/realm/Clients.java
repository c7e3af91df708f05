package io.portcullis.realm;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Clients with their mappers and scopes, and the accounts of those that have one. */
final class Clients {
  private static final Set<String> APART =
      Set.of("protocolMappers", "defaultClientScopes", "optionalClientScopes");

  private final Run run;
  private final JsonObject data;
  private final ClientIndex index;
  private final ClientScopes scopes;

  Clients(Run run, JsonObject data, ClientIndex index, ClientScopes scopes) {
    this.run = run;
    this.data = data;
    this.index = index;
    this.scopes = scopes;
  }

  void clients() {
    List<JsonObject> made = new ArrayList<>();
    for (JsonObject shall : Things.objects(data, "clients")) {
      String name = shall.getString("clientId");
      Optional<JsonObject> is = index.find(name);
      if (is.isEmpty()) {
        run.tell(Drift.missing("clients/" + name));
        run.post("/clients", shall);
        made.add(shall);
      } else {
        client("clients/" + name, shall, is.get());
      }
    }
    if (!made.isEmpty() && !run.checks()) {
      index.read();
      // Keycloak gives some new clients a scope of its own choice.
      made.forEach(shall -> again(shall.getString("clientId"), shall));
    }
  }

  private void again(String name, JsonObject shall) {
    index.find(name).ifPresent(is -> client("clients/" + name, shall, is));
  }

  private void client(String label, JsonObject shall, JsonObject is) {
    String path = "/clients/" + is.getString("id");
    JsonObject itself = Things.without(shall, APART);
    if (run.differs(label, itself, is)) {
      run.put(path, Overlay.merge(Things.without(is, APART), itself));
    }
    new Mappers(run).apply(label, path, shall, is);
    scopes(label, path + "/default-client-scopes", "defaultClientScopes", shall, is);
    scopes(label, path + "/optional-client-scopes", "optionalClientScopes", shall, is);
  }

  private void scopes(String label, String path, String member, JsonObject shall, JsonObject is) {
    if (shall.containsKey(member)) {
      scopes.assign(
          label + "/" + member, path, Things.texts(shall, member), Things.texts(is, member));
    }
  }

  /** Which roles come into tokens: {@code scopeMappings} and {@code clientScopeMappings}. */
  void scopeMappings(HeldRoles held) {
    for (JsonObject client : Things.objects(data, "clients")) {
      String name = client.getString("clientId");
      index
          .path(name)
          .ifPresent(
              path ->
                  held.mappings(
                      "clients/" + name + "/scopeMappings",
                      path + "/scope-mappings",
                      mapped("client", name)));
    }
    for (JsonObject scope : Things.objects(data, "clientScopes")) {
      String name = scope.getString("name");
      scopes
          .path(name)
          .ifPresent(
              path ->
                  held.mappings(
                      "clientScopes/" + name + "/scopeMappings",
                      path + "/scope-mappings",
                      mapped("clientScope", name)));
    }
  }

  private Set<RoleName> mapped(String kind, String name) {
    JsonObject roles = new JsonObject();
    for (JsonObject mapping : Things.objects(data, "scopeMappings")) {
      if (name.equals(mapping.getString(kind))) {
        roles.put("realm", mapping.getJsonArray("roles"));
      }
    }
    JsonObject byClient = Things.object(data, "clientScopeMappings");
    JsonObject ofClients = new JsonObject();
    for (String client : byClient.fieldNames()) {
      for (JsonObject mapping : Things.objects(byClient, client)) {
        if (name.equals(mapping.getString(kind))) {
          ofClients.put(client, mapping.getJsonArray("roles"));
        }
      }
    }
    return RoleName.of(roles.put("client", ofClients), "realm", "client");
  }

  /** The roles of service accounts: the users of the data that belong to a client. */
  void serviceAccounts(HeldRoles held) {
    for (JsonObject account : Things.objects(data, "users")) {
      String client = account.getString("serviceAccountClientId");
      Optional<String> path = client == null ? Optional.empty() : index.path(client);
      if (path.isEmpty()) {
        continue;
      }
      Optional<JsonObject> user = run.find(path.get() + "/service-account-user");
      String label = "users/" + account.getString("username");
      if (user.isEmpty()) {
        run.tell(Drift.missing(label));
      } else {
        held.mappings(
            label,
            "/users/" + user.get().getString("id") + "/role-mappings",
            RoleName.of(account, "realmRoles", "clientRoles"));
      }
    }
  }
}
