package io.portcullis.realm;

import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Login flows, step by step. Each is repaired where it stands, because a flow that is in use cannot
 * be made anew: first the steps that are missing or foreign, then what each step says. While that
 * lasts a login may fail; a step that is added counts only when it is finished.
 */
final class Flows {
  private final Run run;
  private final Map<String, JsonObject> flows;
  private final FlowSteps steps;
  private final Set<String> made = new HashSet<>();

  Flows(Run run, JsonObject data) {
    this.run = run;
    this.flows =
        Things.byName(
            data.getJsonArray("authenticationFlows", new io.vertx.core.json.JsonArray()), "alias");
    this.steps = new FlowSteps(run, flows, data, made);
  }

  void flows() {
    Map<String, JsonObject> known = read();
    for (JsonObject shall : flows.values()) {
      if (!shall.getBoolean("topLevel", false)) {
        continue;
      }
      String alias = shall.getString("alias");
      String label = "authenticationFlows/" + alias;
      JsonObject itself = Things.without(shall, Set.of("authenticationExecutions"));
      JsonObject is = known.get(alias);
      if (is == null) {
        run.tell(Drift.missing(label));
        run.post("/authentication/flows", itself);
        made.add(label);
        if (run.checks()) {
          continue;
        }
      } else if (run.differs(label, itself, is)) {
        run.put("/authentication/flows/" + is.getString("id"), Overlay.merge(is, itself));
      }
      flow(label, alias);
    }
  }

  private void flow(String label, String alias) {
    List<Execution> is = executions(alias);
    if (structure(label, alias, is) && !run.checks()) {
      is = executions(alias);
    }
    steps.compare(label, alias, alias, is);
  }

  /** Whether steps were added or taken away, here or below. */
  private boolean structure(String label, String alias, List<Execution> is) {
    Map<String, Execution> had = Execution.byName(is);
    boolean changed = false;
    Set<String> wanted = new HashSet<>();
    for (JsonObject shall : FlowSteps.steps(flows, alias)) {
      String name = Execution.name(shall);
      String below = label + "/" + name;
      wanted.add(name);
      Execution execution = had.get(name);
      if (execution == null) {
        add(below, alias, shall);
        changed = true;
      }
      if (shall.containsKey("flowAlias") && (execution != null || !run.checks())) {
        changed |= structure(below, name, execution == null ? List.of() : execution.below());
      }
    }
    for (Execution execution : is) {
      // The second of two of one name is foreign, too.
      if (!wanted.remove(execution.name())) {
        run.tell(Drift.foreign(label + "/" + execution.name()));
        run.delete("/authentication/executions/" + execution.id());
        changed = true;
      }
    }
    return changed;
  }

  private void add(String label, String alias, JsonObject shall) {
    if (made.stream().noneMatch(whole -> label.startsWith(whole + "/"))) {
      run.tell(Drift.missing(label));
    }
    made.add(label);
    String path = "/authentication/flows/" + AdminApi.segment(alias) + "/executions/";
    String name = Execution.name(shall);
    JsonObject body = new JsonObject().put("priority", shall.getInteger("priority"));
    JsonObject flow = flows.get(name);
    if (!shall.containsKey("flowAlias")) {
      run.post(path + "execution", body.put("provider", name));
    } else if (flow == null) {
      throw new RealmException("The realm's data uses the flow " + name + " and has none");
    } else {
      run.post(
          path + "flow",
          body.put("alias", name)
              .put("description", flow.getString("description"))
              .put("type", flow.getString("providerId")));
    }
  }

  private List<Execution> executions(String alias) {
    return Execution.tree(
        run.list("/authentication/flows/" + AdminApi.segment(alias) + "/executions"));
  }

  private Map<String, JsonObject> read() {
    return Things.byName(run.list("/authentication/flows"), "alias");
  }
}
