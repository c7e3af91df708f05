package io.portcullis.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Kibana's data views and dashboards against the templates: every field they ask for exists. */
final class SavedObjectsTest {
  private static final Pattern ASKED = Pattern.compile("([a-z_@][\\w.@]*)(?: *:| *[<>]=? *\\d)");
  private static final Map<String, JsonObject> OBJECTS = new HashMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (String line : Files.readAllLines(Path.of("docker/kibana/objects.ndjson"))) {
      JsonObject object = new JsonObject(line);
      JsonObject before =
          OBJECTS.put(object.getString("type") + "/" + object.getString("id"), object);
      assertEquals(null, before, () -> "twice: " + object.getString("id"));
    }
  }

  @Test
  void dashboards_areTheFourThatWerePromised() {
    List<String> titles =
        OBJECTS.values().stream()
            .filter(object -> object.getString("type").equals("dashboard"))
            .map(object -> object.getJsonObject("attributes").getString("title"))
            .sorted()
            .toList();
    assertEquals(
        List.of(
            "Portcullis: audit trail",
            "Portcullis: authentication",
            "Portcullis: errors",
            "Portcullis: firewall"),
        titles);
  }

  @Test
  void references_leadToObjects_andPanelsToReferences() {
    OBJECTS.forEach(
        (name, object) -> {
          Set<String> named = new TreeSet<>();
          for (JsonObject reference : objects(object.getJsonArray("references"))) {
            named.add(reference.getString("name"));
            String target = reference.getString("type") + "/" + reference.getString("id");
            assertTrue(OBJECTS.containsKey(target), name + " leads to " + target);
          }
          if (name.startsWith("dashboard/")) {
            JsonArray panels =
                new JsonArray(object.getJsonObject("attributes").getString("panelsJSON"));
            Set<String> wanted = new TreeSet<>();
            for (JsonObject panel : objects(panels)) {
              wanted.add(panel.getString("panelIndex") + ":" + panel.getString("panelRefName"));
            }
            assertEquals(wanted, named, name);
          }
        });
  }

  @Test
  void views_findDataStreamsThatThereAre() {
    OBJECTS.forEach(
        (name, object) -> {
          if (name.startsWith("index-pattern/")) {
            assertTrue(!fields(name).isEmpty(), name + " finds no data stream");
          }
        });
  }

  @Test
  void fields_thatPanelsAskFor_areInEveryTemplateOfTheirView() {
    List<String> unknown = new ArrayList<>();
    OBJECTS.forEach(
        (name, object) -> {
          if (name.startsWith("lens/") || name.startsWith("search/")) {
            JsonObject reference = object.getJsonArray("references").getJsonObject(0);
            Set<String> known = fields("index-pattern/" + reference.getString("id"));
            for (String field : asked(object.getJsonObject("attributes"))) {
              if (!known.contains(field)) {
                unknown.add(name + " asks for " + field);
              }
            }
          }
        });
    assertEquals(List.of(), unknown);
  }

  @Test
  void columns_ofPanels_areShown() {
    OBJECTS.forEach(
        (name, object) -> {
          if (name.startsWith("lens/")) {
            JsonObject state = object.getJsonObject("attributes").getJsonObject("state");
            String shown = state.getJsonObject("visualization").encode();
            for (Object column : layer(state).getJsonArray("columnOrder")) {
              assertTrue(layer(state).getJsonObject("columns").containsKey("" + column), name);
              assertTrue(shown.contains("\"" + column + "\""), name + " hides " + column);
            }
          }
        });
  }

  /** What a view can be asked for: what any of its data streams has. */
  private static Set<String> fields(String view) {
    Set<String> fields = new TreeSet<>();
    String title =
        OBJECTS.getOrDefault(view, new JsonObject()).getJsonObject("attributes").getString("title");
    for (String pattern : title.split(",", -1)) {
      String glob = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
      for (String dataset : Templates.datasets()) {
        if (("logs-" + dataset + "-default").matches(glob)) {
          fields.addAll(Templates.fields(dataset).keySet());
        }
      }
    }
    return fields;
  }

  private static Set<String> asked(JsonObject attributes) {
    Set<String> asked = new TreeSet<>();
    JsonObject state = attributes.getJsonObject("state");
    if (state == null) {
      attributes.getJsonArray("columns").forEach(column -> asked.add("" + column));
      JsonObject source =
          new JsonObject(
              attributes.getJsonObject("kibanaSavedObjectMeta").getString("searchSourceJSON"));
      query(source.getJsonObject("query"), asked);
    } else {
      query(state.getJsonObject("query"), asked);
      JsonObject columns = layer(state).getJsonObject("columns");
      columns.forEach(
          column -> {
            JsonObject settings = (JsonObject) column.getValue();
            if (!settings.getString("sourceField").equals("___records___")) {
              asked.add(settings.getString("sourceField"));
            }
            query(settings.getJsonObject("filter"), asked);
          });
    }
    return asked;
  }

  private static void query(
      @org.jspecify.annotations.Nullable JsonObject query, Set<String> asked) {
    if (query != null) {
      String text = query.getString("query").replaceAll("\"[^\"]*\"", "value");
      ASKED.matcher(text).results().forEach(match -> asked.add(match.group(1)));
    }
  }

  private static JsonObject layer(JsonObject state) {
    return state
        .getJsonObject("datasourceStates")
        .getJsonObject("formBased")
        .getJsonObject("layers")
        .getJsonObject("layer");
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
