package io.portcullis.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.logs.Pipeline.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the files of the log path say of each other: fields, types, pipelines. */
final class LogFilesTest {
  /** Fields of ours: none of them is a name that ECS uses. */
  private static final List<String> OWN =
      List.of("nginx.", "waf.", "portcullis.", "keycloak.", "postgresql.", "redis.");

  /** What the gateway's journal and chain say of themselves, named before there was a log store. */
  private static final Set<String> OWN_WORDS =
      Set.of(
          "chain",
          "bytes",
          "offset",
          "sqlstate",
          "head.seq",
          "last.seq",
          "backlog.bytes",
          "events.lost");

  /** What the encoder of the gateway's logs writes by itself. */
  private static final Set<String> ENCODER =
      Set.of(
          "@timestamp",
          "log.level",
          "message",
          "ecs.version",
          "service.name",
          "service.node.name",
          "service.environment",
          "event.dataset",
          "process.thread.name",
          "log.logger",
          "error.type",
          "error.message",
          "error.stack_trace");

  @Test
  void templates_areMadeOfWhatThereIs() {
    Set<String> components = Templates.files("components").keySet();
    Set<String> lifecycles = Templates.files("ilm").keySet();
    Set<String> used = new HashSet<>();
    Templates.files("templates")
        .forEach(
            (name, template) -> {
              template.getJsonArray("composed_of").forEach(part -> used.add(part.toString()));
              assertEquals(name + "-*", template.getJsonArray("index_patterns").getString(0));
              assertTrue(template.containsKey("data_stream"), name);
              String lifecycle =
                  template
                      .getJsonObject("template")
                      .getJsonObject("settings")
                      .getString("index.lifecycle.name");
              assertTrue(lifecycles.contains(lifecycle), name + ": " + lifecycle);
            });
    assertEquals(components, used);
  }

  @Test
  void fields_thatEcsNames_haveItsTypes_andTheOthersAreOurs() throws IOException {
    Properties ecs = new Properties();
    try (var file = Files.newBufferedReader(Path.of("src/test/resources/ecs-8.11.properties"))) {
      ecs.load(file);
    }
    List<String> wrong = new ArrayList<>();
    for (var component : Templates.files("components").values()) {
      Templates.fields(component)
          .forEach(
              (field, type) -> {
                boolean ours =
                    OWN_WORDS.contains(field) || OWN.stream().anyMatch(field::startsWith);
                if (!type.equals(ecs.getProperty(field)) && !ours) {
                  wrong.add(field + " is " + type + ", ECS: " + ecs.getProperty(field));
                }
                if (ours && ecs.containsKey(field)) {
                  wrong.add(field + " is a name of ECS");
                }
              });
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void fieldsOfTheGatewaysLog_areInItsTemplate() throws IOException {
    Set<String> written = new TreeSet<>(ENCODER);
    Pattern pair = Pattern.compile("addKeyValue\\(\\s*\"([^\"]+)\"");
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        assertFalse(
            Pattern.compile("addKeyValue\\(\\s*[^\"\\s]").matcher(text).find(),
            () -> file + ": the name of a field is to be a literal");
        pair.matcher(text).results().forEach(match -> written.add(match.group(1)));
      }
    }
    assertSubset(written, "portcullis.gateway");
  }

  @Test
  void fieldsOfTheAccessLog_areInItsTemplate() throws IOException {
    String text = Files.readString(Path.of("nginx/conf.d/log.conf"));
    Set<String> written = new TreeSet<>();
    Pattern.compile("\"([a-z@][a-z_.]*)\":")
        .matcher(text)
        .results()
        .forEach(m -> written.add(m.group(1)));
    assertTrue(written.contains("http.request.id"), written::toString);
    assertSubset(written, "portcullis.access");
  }

  @Test
  void fieldsThatPipelinesMake_areInTheTemplatesOfTheirDataSets() {
    Set<String> common = Set.of("container.id", "container.name", "tags", "@timestamp");
    Map<String, Set<String>> made = new HashMap<>();
    for (Pipeline pipeline : Pipeline.all()) {
      Set<String> fields = new TreeSet<>(common);
      Set<String> datasets = new TreeSet<>();
      for (Plugin plugin : Pipeline.plugins(pipeline.filter())) {
        fields.addAll(madeBy(plugin));
        Object dataset = plugin.map("replace").get("data_stream.dataset");
        if (dataset != null) {
          datasets.add(dataset.toString());
        }
      }
      // What stands on the way only is taken away again.
      Pipeline.plugins(pipeline.filter())
          .forEach(plugin -> plugin.list("remove_field").forEach(name -> fields.remove("" + name)));
      datasets.forEach(dataset -> made.computeIfAbsent(dataset, k -> new TreeSet<>(fields)));
      if (pipeline.name().equals("nginx")) { // two kinds of lines; the text ones are the others
        made.put("portcullis.access", new TreeSet<>(common));
      }
    }
    assertEquals(Templates.datasets(), made.keySet());
    made.forEach((dataset, fields) -> assertSubset(fields, dataset));
  }

  private static Set<String> madeBy(Plugin plugin) {
    Set<String> fields = new TreeSet<>();
    plugin.map("rename").values().forEach(name -> fields.add(name.toString()));
    plugin.map("replace").keySet().forEach(name -> fields.add(name.toString()));
    plugin
        .map("mapping")
        .values()
        .forEach(
            mapping ->
                Pattern.compile("%\\{([^+}][^}]*)}")
                    .matcher("" + mapping)
                    .results()
                    .forEach(match -> fields.add(match.group(1))));
    Pattern.compile("event\\.set\\(\"([^\"]+)\"")
        .matcher(plugin.text("code"))
        .results()
        .forEach(match -> fields.add(match.group(1)));
    if (List.of("fingerprint", "translate").contains(plugin.name())) {
      fields.add(plugin.text("target"));
    }
    return fields;
  }

  static void assertSubset(Set<String> fields, String dataset) {
    Set<String> unknown = new TreeSet<>(fields);
    unknown.removeAll(Templates.fields(dataset).keySet());
    assertEquals(Set.of(), unknown, "not in the template of " + dataset);
  }
}
