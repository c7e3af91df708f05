package io.portcullis.logs;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The panels of the dashboards, as far as a store can be asked for them. */
public final class Panels {
  private Panels() {}

  /**
   * A panel with buckets.
   *
   * @param index the data streams of its view
   * @param fields by whose values it counts, the outermost first
   */
  public record Panel(String title, String index, List<String> fields) {}

  /** All of them. */
  public static List<Panel> all() {
    Map<String, JsonObject> objects = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(Path.of("docker/kibana/objects.ndjson"))) {
        JsonObject object = new JsonObject(line);
        objects.put(object.getString("type") + "/" + object.getString("id"), object);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    Map<String, String> indexes = new HashMap<>();
    objects.forEach(
        (name, o) -> indexes.put(name, o.getJsonObject("attributes").getString("title")));
    return objects.values().stream()
        .filter(object -> object.getString("type").equals("lens"))
        .map(object -> panel(object, indexes))
        .filter(panel -> !panel.fields.isEmpty())
        .toList();
  }

  private static Panel panel(JsonObject lens, Map<String, String> indexes) {
    JsonObject columns =
        lens.getJsonObject("attributes")
            .getJsonObject("state")
            .getJsonObject("datasourceStates")
            .getJsonObject("formBased")
            .getJsonObject("layers")
            .getJsonObject("layer")
            .getJsonObject("columns");
    List<String> fields =
        columns.stream()
            .map(column -> (JsonObject) column.getValue())
            .filter(column -> column.getString("operationType").equals("terms"))
            .map(column -> column.getString("sourceField"))
            .toList();
    String view = lens.getJsonArray("references").getJsonObject(0).getString("id");
    return new Panel(
        lens.getJsonObject("attributes").getString("title"),
        indexes.getOrDefault("index-pattern/" + view, "none"),
        fields);
  }
}
