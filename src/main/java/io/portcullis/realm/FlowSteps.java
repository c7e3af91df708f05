package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What each step of a flow says: whether it is required, in which order, and its configuration. */
final class FlowSteps {
  private final Run run;
  private final Map<String, JsonObject> flows;
  private final Map<String, JsonObject> configurations;
  private final Set<String> made;

  /**
   * The steps of the data's flows.
   *
   * @param made the labels of what this run has made; it differs still, and that is no drift
   */
  FlowSteps(Run run, Map<String, JsonObject> flows, JsonObject data, Set<String> made) {
    this.run = run;
    this.flows = flows;
    this.configurations =
        Things.byName(data.getJsonArray("authenticatorConfig", new JsonArray()), "alias");
    this.made = made;
  }

  /**
   * The steps of one flow and below.
   *
   * @param top the flow that Keycloak changes steps through
   * @param alias the flow itself
   */
  void compare(String label, String top, String alias, List<Execution> is) {
    Map<String, Execution> had = Execution.byName(is);
    for (JsonObject shall : steps(flows, alias)) {
      String name = Execution.name(shall);
      Execution execution = had.get(name);
      if (execution == null) {
        continue; // a check; it was told
      }
      String below = label + "/" + name;
      step(below, top, shall, execution);
      if (shall.containsKey("flowAlias")) {
        compare(below, top, name, execution.below());
      } else {
        configuration(below, shall.getString("authenticatorConfig"), execution);
      }
    }
  }

  /** The steps of one flow of the data. */
  static List<JsonObject> steps(Map<String, JsonObject> flows, String alias) {
    JsonObject flow = flows.getOrDefault(alias, new JsonObject());
    return Things.objects(flow, "authenticationExecutions");
  }

  private void step(String label, String top, JsonObject shall, Execution execution) {
    JsonObject wanted = new JsonObject().put("requirement", shall.getString("requirement"));
    Integer priority = shall.getInteger("priority");
    if (priority != null) {
      wanted.put("priority", priority);
    }
    JsonObject flow = flows.get(execution.name());
    if (flow != null && shall.containsKey("flowAlias")) {
      wanted.put("description", flow.getString("description"));
    }
    if (differs(label, wanted, execution.info())) {
      run.put(
          "/authentication/flows/" + AdminApi.segment(top) + "/executions",
          Overlay.merge(execution.info(), wanted));
    }
  }

  private void configuration(String label, @Nullable String alias, Execution execution) {
    String id = execution.info().getString("authenticationConfig");
    Optional<JsonObject> is =
        id == null ? Optional.empty() : run.find("/authentication/config/" + id);
    String below = label + "/config";
    if (alias == null) {
      if (is.isPresent()) {
        run.tell(Drift.foreign(below));
        run.delete("/authentication/config/" + id);
      }
      return;
    }
    JsonObject shall = configurations.get(alias);
    if (shall == null) {
      throw new RealmException("The realm's data uses the configuration " + alias);
    }
    if (is.isEmpty()) {
      if (!isMade(label)) {
        run.tell(Drift.missing(below));
      }
      run.post("/authentication/executions/" + execution.id() + "/config", shall);
    } else if (run.differs(below, shall, is.get())) {
      run.put("/authentication/config/" + id, Overlay.merge(is.get(), shall));
    }
  }

  private boolean differs(String label, JsonObject shall, JsonObject is) {
    return isMade(label)
        ? !Comparison.of(label, shall, is).isEmpty()
        : run.differs(label, shall, is);
  }

  private boolean isMade(String label) {
    return made.contains(label);
  }
}
