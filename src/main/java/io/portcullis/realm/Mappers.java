package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What puts claims into tokens. Exactly what the data names: one too many leaks. */
final class Mappers {
  private final Run run;

  Mappers(Run run) {
    this.run = run;
  }

  /**
   * The mappers of a client or a scope.
   *
   * @param path of the client or scope
   * @param is as Keycloak has it
   */
  void apply(String label, String path, JsonObject shall, JsonObject is) {
    Map<String, JsonObject> had = byName(is);
    String models = path + "/protocol-mappers/models";
    byName(shall)
        .forEach(
            (name, wanted) -> {
              JsonObject mapper = had.remove(name);
              if (mapper == null) {
                run.tell(Drift.missing(label + "/protocolMappers/" + name));
                run.post(models, wanted);
              } else if (run.differs(label + "/protocolMappers/" + name, wanted, mapper)) {
                run.put(models + "/" + mapper.getString("id"), Overlay.merge(mapper, wanted));
              }
            });
    had.forEach(
        (name, mapper) -> {
          run.tell(Drift.foreign(label + "/protocolMappers/" + name));
          run.delete(models + "/" + mapper.getString("id"));
        });
  }

  private static Map<String, JsonObject> byName(JsonObject owner) {
    return Things.byName(owner.getJsonArray("protocolMappers", new JsonArray()), "name");
  }
}
