package io.portcullis.realm;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/** What a user may be made to do at the next login. */
final class RequiredActions {
  private final Run run;
  private final JsonObject data;

  RequiredActions(Run run, JsonObject data) {
    this.run = run;
    this.data = data;
  }

  void actions() {
    String path = "/authentication/required-actions";
    Map<String, JsonObject> known = Things.byName(run.list(path), "alias");
    for (JsonObject shall : Things.objects(data, "requiredActions")) {
      String alias = shall.getString("alias");
      JsonObject is = known.get(alias);
      if (is == null) {
        run.tell(Drift.missing("requiredActions/" + alias));
        run.post(
            "/authentication/register-required-action",
            new JsonObject()
                .put("providerId", shall.getString("providerId"))
                .put("name", shall.getString("name")));
        run.put(path + "/" + AdminApi.segment(alias), shall);
      } else if (run.differs("requiredActions/" + alias, shall, is)) {
        run.put(path + "/" + AdminApi.segment(alias), Overlay.merge(is, shall));
      }
    }
  }
}
