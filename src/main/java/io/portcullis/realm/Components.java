package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plugged-in parts such as a directory of users, with exactly their own parts; and the profile. */
final class Components {
  private static final String PROFILE = "org.keycloak.userprofile.UserProfileProvider";
  private static final String PROFILE_CONFIG = "kc.user.profile.config";
  private static final String KEYS = "org.keycloak.keys.KeyProvider";
  private static final String MADE_HERE = "-generated";
  private static final String DIRECTORY = "org.keycloak.storage.UserStorageProvider";
  private static final Set<String> APART = Set.of("subComponents");

  private final Run run;
  private final JsonObject data;
  private final String realmId;

  Components(Run run, JsonObject data) {
    this.run = run;
    this.data = data;
    this.realmId = run.object("").getString("id");
  }

  void components() {
    JsonObject byType = Things.object(data, "components");
    for (String type : byType.fieldNames()) {
      if (!type.equals(PROFILE)) {
        Map<String, JsonObject> known = read(realmId, type);
        for (JsonObject shall : Things.objects(byType, type)) {
          String name = shall.getString("name");
          component(
              "components/" + name, realmId, type, shall, Optional.ofNullable(known.get(name)));
        }
      }
    }
  }

  /**
   * Keys that Keycloak did not make itself, by which somebody else could sign tokens, and
   * directories that the data does not name. They are told and not taken away: what they signed, or
   * the people in them, may be wanted.
   */
  void strangers() {
    for (JsonObject keys : Things.objects(run.list(listing(realmId, KEYS)))) {
      if (!keys.getString("providerId", "").endsWith(MADE_HERE)) {
        run.tell(Drift.foreign("keys/" + keys.getString("name")));
      }
    }
    Map<String, JsonObject> directories = read(realmId, DIRECTORY);
    Things.objects(Things.object(data, "components"), DIRECTORY)
        .forEach(shall -> directories.remove(shall.getString("name")));
    directories.keySet().forEach(name -> run.tell(Drift.foreign("components/" + name)));
  }

  /** What users tell of themselves. Keycloak keeps it as a text in a component. */
  void profile() {
    for (JsonObject component : Things.objects(Things.object(data, "components"), PROFILE)) {
      JsonArray text = Things.object(component, "config").getJsonArray(PROFILE_CONFIG);
      if (text != null) {
        JsonObject shall = new JsonObject(text.getString(0));
        if (run.differs("userProfile", shall, run.object("/users/profile"))) {
          run.put("/users/profile", shall);
        }
      }
    }
  }

  private void component(
      String label, String parent, String type, JsonObject shall, Optional<JsonObject> is) {
    JsonObject itself = Things.without(shall, APART);
    if (is.isEmpty()) {
      run.tell(Drift.missing(label));
      run.post("/components", itself.put("parentId", parent).put("providerType", type));
      if (run.checks()) {
        return;
      }
    } else if (run.differs(label, itself, is.get())) {
      run.put("/components/" + is.get().getString("id"), Overlay.merge(is.get(), itself));
    }
    JsonObject below = Things.object(shall, "subComponents");
    for (String belowType : below.fieldNames()) {
      parts(
          label,
          owner(parent, type, shall),
          belowType,
          below.getJsonArray(belowType),
          is.isEmpty());
    }
  }

  private String owner(String parent, String type, JsonObject shall) {
    return Optional.ofNullable(read(parent, type).get(shall.getString("name")))
        .orElseThrow(() -> new RealmException("Keycloak did not make " + shall.getString("name")))
        .getString("id");
  }

  /** Keycloak gives a new directory parts of its own choice; those are no drift. */
  private void parts(String label, String owner, String type, JsonArray shall, boolean made) {
    Map<String, JsonObject> known = read(owner, type);
    for (JsonObject part : Things.objects(shall)) {
      String name = part.getString("name");
      JsonObject is = known.remove(name);
      String below = label + "/" + name;
      if (!made) {
        component(below, owner, type, part, Optional.ofNullable(is));
      } else if (is == null) {
        run.post("/components", named(part, owner, type));
      } else {
        run.put("/components/" + is.getString("id"), Overlay.merge(is, named(part, owner, type)));
      }
    }
    known.forEach(
        (name, part) -> {
          if (!made) {
            run.tell(Drift.foreign(label + "/" + name));
          }
          run.delete("/components/" + part.getString("id"));
        });
  }

  private static JsonObject named(JsonObject part, String owner, String type) {
    return Things.without(part, APART).put("parentId", owner).put("providerType", type);
  }

  private Map<String, JsonObject> read(String parent, String type) {
    return Things.byName(run.list(listing(parent, type)), "name");
  }

  private static String listing(String parent, String type) {
    return "/components?parent=" + parent + "&type=" + AdminApi.segment(type);
  }
}
