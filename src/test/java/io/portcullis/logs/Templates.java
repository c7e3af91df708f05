package io.portcullis.logs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The templates and lifecycles of the log store, as their files say. */
final class Templates {
  private static final Path FOLDER = Path.of("docker/elasticsearch");

  private Templates() {}

  /** The JSON files of a folder, by their names without the end. */
  static Map<String, JsonObject> files(String folder) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.collect(
          Collectors.toMap(
              file -> file.getFileName().toString().replaceFirst("\\.json$", ""),
              Templates::json,
              (one, two) -> one,
              TreeMap::new));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The fields of a data set with their types; a part of one (an object) is none. */
  static Map<String, String> fields(String dataset) {
    JsonObject template = files("templates").get("logs-" + dataset);
    if (template == null) {
      throw new AssertionError("there is no template for " + dataset);
    }
    Map<String, JsonObject> components = files("components");
    Map<String, String> fields = new TreeMap<>();
    for (Object name : template.getJsonArray("composed_of", new JsonArray())) {
      fields.putAll(fields(Objects.requireNonNull(components.get(name.toString()))));
    }
    return fields;
  }

  /** The data sets that there are templates for. */
  static Set<String> datasets() {
    return files("templates").keySet().stream()
        .map(name -> name.replaceFirst("^logs-", ""))
        .collect(Collectors.toSet());
  }

  static Map<String, String> fields(JsonObject component) {
    Map<String, String> fields = new TreeMap<>();
    component
        .getJsonObject("template")
        .getJsonObject("mappings")
        .getJsonObject("properties")
        .forEach(
            field -> fields.put(field.getKey(), ((JsonObject) field.getValue()).getString("type")));
    return fields;
  }

  private static JsonObject json(Path file) {
    try {
      return new JsonObject(Files.readString(file));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
