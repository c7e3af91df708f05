package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Client scopes with their mappers, and which of them new clients get. */
final class ClientScopes {
  private static final Set<String> APART = Set.of("protocolMappers");

  private final Run run;
  private final JsonObject data;
  private final Mappers mappers;
  private final Map<String, JsonObject> known = new LinkedHashMap<>();

  ClientScopes(Run run, JsonObject data) {
    this.run = run;
    this.data = data;
    this.mappers = new Mappers(run);
  }

  /** First of all, so that {@link #path} answers. */
  void scopes() {
    read();
    boolean made = false;
    for (JsonObject shall : Things.objects(data, "clientScopes")) {
      String name = shall.getString("name");
      JsonObject is = known.get(name);
      if (is == null) {
        run.tell(Drift.missing("clientScopes/" + name));
        run.post("/client-scopes", shall);
        made = true;
      } else {
        scope("clientScopes/" + name, shall, is);
      }
    }
    if (made) {
      read();
    }
    defaults("defaultDefaultClientScopes", "/default-default-client-scopes");
    defaults("defaultOptionalClientScopes", "/default-optional-client-scopes");
  }

  /** The path of a scope; empty when there is none of that name. */
  Optional<String> path(String name) {
    return id(name).map(id -> "/client-scopes/" + id);
  }

  /** The id of a scope; empty when there is none of that name. */
  Optional<String> id(String name) {
    return Optional.ofNullable(known.get(name)).map(scope -> scope.getString("id"));
  }

  private void read() {
    known.clear();
    known.putAll(Things.byName(run.list("/client-scopes"), "name"));
  }

  private void scope(String label, JsonObject shall, JsonObject is) {
    String path = "/client-scopes/" + is.getString("id");
    JsonObject itself = Things.without(shall, APART);
    if (run.differs(label, itself, is)) {
      run.put(path, Overlay.merge(Things.without(is, APART), itself));
    }
    mappers.apply(label, path, shall, is);
  }

  private void defaults(String member, String path) {
    if (data.containsKey(member)) {
      JsonArray is = run.list(path);
      assign(member, path, Things.texts(data, member), Things.byName(is, "name").keySet());
    }
  }

  /** Makes the scopes of the realm or of a client exactly the named ones. */
  void assign(String label, String path, Set<String> shall, Set<String> is) {
    for (String name : is) {
      if (!shall.contains(name)) {
        run.tell(Drift.foreign(label + "/" + name));
        id(name).ifPresent(id -> run.delete(path + "/" + id));
      }
    }
    for (String name : shall) {
      if (!is.contains(name)) {
        run.tell(Drift.missing(label + "/" + name));
        id(name).ifPresent(id -> run.put(path + "/" + id, new JsonObject()));
      }
    }
  }
}
