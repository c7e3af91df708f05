package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One run over one realm: tells every drift, and changes something only when it is not a mere
 * check. Paths of calls are below the realm.
 */
final class Run {
  private final AdminApi api;
  private final String realm;
  private final boolean check;
  private final Consumer<Drift> listener;
  private int drifts;

  Run(AdminApi api, String realm, boolean check, Consumer<Drift> listener) {
    this.api = api;
    this.realm = "/" + AdminApi.segment(realm);
    this.check = check;
    this.listener = listener;
  }

  /** Whether nothing may be changed. What is missing then stays missing. */
  boolean checks() {
    return check;
  }

  int drifts() {
    return drifts;
  }

  void tell(Drift drift) {
    drifts++;
    listener.accept(drift);
  }

  /** Tells the differences; whether there are any. */
  boolean differs(String path, JsonObject shall, JsonObject is) {
    List<Drift> found = Comparison.of(path, shall, is);
    found.forEach(this::tell);
    return !found.isEmpty();
  }

  Optional<JsonObject> find(String path) {
    return api.find(realm + path);
  }

  JsonObject object(String path) {
    return api.object(realm + path);
  }

  JsonArray list(String path) {
    return api.list(realm + path);
  }

  void post(String path, Object body) {
    if (!check) {
      api.write("POST", realm + path, body);
    }
  }

  void put(String path, Object body) {
    if (!check) {
      api.write("PUT", realm + path, body);
    }
  }

  void delete(String path) {
    if (!check) {
      api.delete(realm + path);
    }
  }

  void delete(String path, Object body) {
    if (!check) {
      api.write("DELETE", realm + path, body);
    }
  }

  /** Makes the realm as Keycloak's import does. */
  void create(JsonObject representation) {
    if (!check) {
      api.write("POST", "", representation);
    }
  }
}
