package io.portcullis.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.logs.Pipeline.Branch;
import io.portcullis.logs.Pipeline.Choice;
import io.portcullis.logs.Pipeline.Plugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** From a service to its pipeline: every service has a tag, every tag a pipeline. */
final class LogRoutesTest {
  private static final Path DOCKER = Path.of("docker");

  /** The log store would tell itself of its own errors; the others end at once. */
  private static final Set<String> NOT_GATHERED =
      Set.of("elasticsearch", "logstash", "kibana", "logs-setup", "logs-setup-dashboards", "cli");

  @Test
  void services_ofAllComposeFiles_sendTheirLogs() throws IOException {
    Set<String> services = new TreeSet<>();
    try (Stream<Path> files = Files.list(DOCKER)) {
      for (Path file : files.filter(LogRoutesTest::isCompose).toList()) {
        section(file, "services").forEach((name, service) -> services.add(name));
      }
    }
    assertTrue(services.contains("audit-tail"), services::toString);
    services.removeAll(NOT_GATHERED);
    services.removeAll(tags().keySet());
    assertEquals(Set.of(), services, "not in docker/logging.yaml, or to be named here");
  }

  @Test
  void tags_haveAPipelineEach_andPipelinesATag() {
    Set<String> routed = new TreeSet<>();
    Choice routes = (Choice) Pipeline.read("intake").output().getFirst();
    for (Branch branch : routes.branches()) {
      branch
          .condition()
          .ifPresent(
              condition -> {
                var tag = Pattern.compile("\"(pc\\.\\w+)\" in \\[tags]").matcher(condition.text());
                assertTrue(tag.matches(), condition.text());
                routed.add(tag.group(1));
                Plugin output = (Plugin) branch.steps().getFirst();
                assertEquals(
                    tag.group(1), "pc." + output.list("send_to").getFirst(), "one name for both");
              });
    }
    assertTrue(routes.branches().getLast().condition().isEmpty(), "no line is lost for its tag");
    Set<String> tags = new TreeSet<>(tags().values());
    tags.remove("pc.monitoring"); // where everything goes that has no pipeline
    assertEquals(tags, routed);
  }

  @Test
  void pipelines_areAllStarted_andHearFromEachOther() throws IOException {
    Set<String> files =
        Pipeline.all().stream().map(Pipeline::name).collect(Collectors.toCollection(TreeSet::new));
    String started = Files.readString(DOCKER.resolve("logstash/pipelines.yml"));
    Set<String> ids = new TreeSet<>();
    Pattern.compile("pipeline\\.id: (\\w+)\\s+path\\.config: /run/logstash/(\\w+)\\.conf")
        .matcher(started)
        .results()
        .forEach(
            match -> {
              assertEquals(match.group(1), match.group(2));
              ids.add(match.group(1));
            });
    assertEquals(files, ids);
    for (Pipeline pipeline : Pipeline.all()) {
      for (Plugin plugin : Pipeline.plugins(pipeline.output())) {
        if (plugin.name().equals("pipeline")) {
          String target = plugin.list("send_to").getFirst().toString();
          Plugin input = (Plugin) Pipeline.read(target).input().getFirst();
          assertEquals(target, input.text("address"));
        }
      }
    }
  }

  @Test
  void secrets_ofTheLogStore_areInNoFile() throws IOException {
    for (Pipeline pipeline : Pipeline.all()) {
      for (Plugin plugin : Pipeline.plugins(pipeline.output())) {
        if (plugin.name().equals("elasticsearch")) {
          assertEquals("@PASSWORD@", plugin.text("password"), pipeline.name());
          assertTrue(plugin.list("hosts").getFirst().toString().startsWith("https://"));
          assertEquals("create", plugin.text("action"));
          assertEquals(
              List.of("/run/secrets/trust.pem"), plugin.list("ssl_certificate_authorities"));
        }
      }
    }
    String compose = Files.readString(DOCKER.resolve("compose.logs.yaml"));
    assertTrue(!Pattern.compile("(?i)_PASSWORD: *\\S").matcher(compose).find(), "a password");
  }

  private static boolean isCompose(Path file) {
    return file.getFileName().toString().matches("compose(\\.[a-z]+)?\\.yaml");
  }

  private static Map<String, String> tags() {
    Map<String, String> tags = new TreeMap<>();
    section(DOCKER.resolve("logging.yaml"), "services")
        .forEach(
            (name, service) -> {
              Map<?, ?> logging = inner(service, "logging");
              assertEquals("fluentd", logging.get("driver"), name);
              if (inner(logging, "options").get("tag") instanceof String tag) {
                tags.put(name, tag);
              } else {
                throw new AssertionError(name + " has no tag");
              }
            });
    return tags;
  }

  private static Map<?, ?> inner(Object outer, String name) {
    return outer instanceof Map<?, ?> map && map.get(name) instanceof Map<?, ?> found
        ? found
        : Map.of();
  }

  private static Map<String, Object> section(Path file, String name) {
    LoadSettings settings = LoadSettings.builder().setAllowDuplicateKeys(true).build();
    try {
      Map<?, ?> all = (Map<?, ?>) new Load(settings).loadFromString(Files.readString(file));
      Map<String, Object> section = new TreeMap<>();
      if (all.get(name) instanceof Map<?, ?> found) {
        found.forEach((key, value) -> section.put(key.toString(), value));
      }
      return section;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
