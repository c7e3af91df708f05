package io.portcullis.testing;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code prometheus/} says: rules, their tests, dashboards, and the names they use. */
public final class Monitoring {
  private static final Path HOME = Path.of("prometheus");
  private static final Pattern QUOTED = Pattern.compile("\"[^\"]*\"|'[^']*'");
  private static final Pattern LABELS =
      Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");
  private static final Pattern RANGES = Pattern.compile("\\[[^\\]]*]|\\{[^}]*}");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*\\b(?!\\s*\\()");
  private static final Set<String> WORDS =
      Set.of("and", "or", "unless", "bool", "offset", "inf", "nan", "NaN", "Inf");

  private Monitoring() {}

  /** A rule: an alert, or something recorded. */
  public record Rule(
      String file,
      String name,
      boolean alert,
      String expression,
      JsonObject labels,
      JsonObject notes) {}

  /** One moment of one case of the unit tests: which alerts fire. */
  public record Moment(String file, String testCase, Set<String> firing) {}

  /**
   * What Alertmanager keeps silent while something else fires; matchers as in its configuration,
   * {@code name="value"}, with {@code !=}, {@code =~} and {@code !~}. A label that is not there is
   * an empty one.
   */
  public record Inhibition(List<String> source, List<String> target, List<String> equal) {
    private static final Pattern MATCHER = Pattern.compile("(\\w+)(!=|=~|!~|=)\"(.*)\"");

    /** Whether {@code silent} is not sent while {@code cause} fires. */
    public boolean silences(Map<String, String> cause, Map<String, String> silent) {
      return source.stream().allMatch(matcher -> matches(matcher, cause))
          && target.stream().allMatch(matcher -> matches(matcher, silent))
          && equal.stream()
              .allMatch(name -> cause.getOrDefault(name, "").equals(silent.getOrDefault(name, "")));
    }

    private static boolean matches(String matcher, Map<String, String> labels) {
      Matcher parts = MATCHER.matcher(matcher);
      if (!parts.matches()) {
        throw new IllegalArgumentException("no matcher: " + matcher);
      }
      String value = labels.getOrDefault(parts.group(1), "");
      boolean alike =
          parts.group(2).endsWith("~")
              ? value.matches(parts.group(3))
              : value.equals(parts.group(3));
      return alike != parts.group(2).startsWith("!");
    }
  }

  /** Everything that Alertmanager keeps silent. */
  public static List<Inhibition> inhibitions() {
    return objects(yaml(HOME.resolve("alertmanager.yml")).getJsonArray("inhibit_rules")).stream()
        .map(
            rule ->
                new Inhibition(
                    words(rule, "source_matchers"),
                    words(rule, "target_matchers"),
                    words(rule, "equal")))
        .toList();
  }

  private static List<String> words(JsonObject rule, String name) {
    return rule.getJsonArray(name, new JsonArray()).stream().map(String.class::cast).toList();
  }

  /** Every rule of {@code prometheus/rules}. */
  public static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    for (Path file : files("rules", ".yml")) {
      for (JsonObject group : objects(yaml(file).getJsonArray("groups"))) {
        for (JsonObject rule : objects(group.getJsonArray("rules"))) {
          boolean alert = rule.containsKey("alert");
          rules.add(
              new Rule(
                  file.getFileName().toString(),
                  rule.getString(alert ? "alert" : "record"),
                  alert,
                  rule.getString("expr"),
                  rule.getJsonObject("labels", new JsonObject()),
                  rule.getJsonObject("annotations", new JsonObject())));
        }
      }
    }
    return rules;
  }

  /** Every alert. */
  public static List<Rule> alerts() {
    return rules().stream().filter(Rule::alert).toList();
  }

  /** Each moment at which a unit test says exactly which alerts fire. */
  public static List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    for (Path file : files("tests", ".yml")) {
      for (JsonObject test : objects(yaml(file).getJsonArray("tests"))) {
        for (JsonObject check : objects(test.getJsonArray("promql_expr_test"))) {
          if (check.getString("expr").contains("ALERTS{alertstate=\"firing\"}")) {
            Set<String> firing = new TreeSet<>();
            objects(check.getJsonArray("exp_samples"))
                .forEach(sample -> firing.add(sample.getString("labels").split("\"", 3)[1]));
            moments.add(new Moment(file.getFileName().toString(), test.getString("name"), firing));
          }
        }
      }
    }
    return moments;
  }

  /** The dashboards by file name. */
  public static Map<String, JsonObject> dashboards() {
    Map<String, JsonObject> dashboards = new LinkedHashMap<>();
    files("dashboards", ".json")
        .forEach(file -> dashboards.put(file.getFileName().toString(), new JsonObject(read(file))));
    return dashboards;
  }

  /** The queries of a dashboard, each with the title of its panel. */
  public static List<Map.Entry<String, String>> queries(JsonObject dashboard) {
    List<Map.Entry<String, String>> queries = new ArrayList<>();
    for (JsonObject panel : objects(dashboard.getJsonArray("panels"))) {
      for (JsonObject target : objects(panel.getJsonArray("targets", new JsonArray()))) {
        queries.add(Map.entry(panel.getString("title"), target.getString("expr")));
      }
    }
    return queries;
  }

  /** The names of series that an expression asks for. */
  public static Set<String> series(String expression) {
    String bare = QUOTED.matcher(expression).replaceAll("");
    bare = LABELS.matcher(RANGES.matcher(bare).replaceAll(" ")).replaceAll(" ");
    Set<String> names = new TreeSet<>();
    NAME.matcher(bare)
        .results()
        .map(match -> match.group())
        .filter(name -> !WORDS.contains(name) && name.length() > 2)
        .forEach(names::add);
    return names;
  }

  /** The files of a folder of {@code prometheus/}, and of those below it, in order. */
  public static List<Path> files(String folder, String ending) {
    try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file as text. */
  public static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonObject yaml(Path file) {
    LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
    @SuppressWarnings("unchecked")
    Map<String, Object> content =
        (Map<String, Object>) new Load(settings).loadFromString(read(file));
    return new JsonObject(content);
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array == null ? List.of() : array.stream().map(JsonObject.class::cast).toList();
  }
}
