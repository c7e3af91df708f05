package io.portcullis.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Monitoring;
import io.portcullis.testing.Monitoring.Moment;
import io.portcullis.testing.Monitoring.Rule;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Rules, their unit tests, the runbook and the dashboards fit each other. That they hold against
 * Prometheus and a node is MonitoringIT's.
 */
final class MonitoringTest {
  private static final List<Rule> ALERTS = Monitoring.alerts();
  private static final Set<String> NAMES =
      ALERTS.stream().map(Rule::name).collect(Collectors.toCollection(TreeSet::new));

  @Test
  void alerts_sayWhatAnOperatorNeeds() {
    List<String> wrong = new ArrayList<>();
    for (Rule alert : ALERTS) {
      String anchor = "docs/runbook.md#" + alert.name().toLowerCase(Locale.ROOT);
      if (!Set.of("critical", "warning", "none").contains(alert.labels().getString("severity"))
          || alert.notes().getString("summary", "").isBlank()
          || alert.notes().getString("description", "").isBlank()
          || !anchor.equals(alert.notes().getString("runbook_url"))) {
        wrong.add(alert.file() + ": " + alert.name());
      }
    }
    assertEquals(List.of(), wrong);
    assertEquals(ALERTS.size(), NAMES.size(), "each name once");
  }

  @Test
  void runbook_hasAnEntryForEachAlertAndForNothingElse() {
    Set<String> entries =
        found("(?m)^### (\\w+)$", Monitoring.read(Path.of("docs/runbook.md")))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(NAMES, entries);
  }

  @Test
  void alerts_haveAUnitTestThatFiresAndOneThatDoesNot() {
    Map<String, List<Moment>> cases =
        Monitoring.moments().stream()
            .collect(Collectors.groupingBy(moment -> moment.file() + moment.testCase()));
    Set<String> proved = new TreeSet<>();
    for (List<Moment> moments : cases.values()) {
      for (Moment moment : moments) {
        moment.firing().stream()
            .filter(name -> moments.stream().anyMatch(other -> !other.firing().contains(name)))
            .forEach(proved::add);
      }
    }
    proved.add("Watchdog"); // always on
    assertEquals(NAMES, proved, "in one case it fires at one moment, and at another it does not");
  }

  @Test
  void recordedNames_thatAreUsed_exist() {
    Set<String> recorded =
        Monitoring.rules().stream().map(Rule::name).collect(Collectors.toSet());
    assertEquals(Set.of(), used(name -> name.contains(":") && !recorded.contains(name)));
  }

  @Test
  void namesOfBackups_areThoseThatTheBackupsWrite() {
    String writer = Monitoring.read(Path.of("docker/postgres/bin/metrics"));
    assertEquals(
        Set.of(),
        used(name -> name.startsWith("portcullis_backup_") && !writer.contains("'" + name + "'")));
  }

  @Test
  void namesOfTheEdge_areThoseThatItsLogIsCountedBy() {
    String program = Monitoring.read(Path.of("prometheus/mtail/nginx.mtail"));
    Predicate<String> unknown =
        name -> !program.contains(" " + name.replaceAll("_(bucket|count|sum)$", "") + " ");
    // A counter without labels ends its line.
    Set<String> missing = used(name -> name.startsWith("edge_") && unknown.test(name));
    missing.removeIf(name -> program.contains("counter " + name + "\n"));
    assertEquals(Set.of(), missing);
  }

  @Test
  void accessLog_hasTheMembersThatAreCountedInTheirOrder() {
    String program = Monitoring.read(Path.of("prometheus/mtail/nginx.mtail")).replace("\\", "");
    String format = Monitoring.read(Path.of("nginx/conf.d/log.conf"));
    String head = program.substring(program.indexOf("/^{"), program.indexOf("edge_requests_total["));
    List<String> members = found("\"([a-z_.]+)\":", head).toList();
    assertTrue(members.size() > 7, members.toString());
    int position = 0;
    for (String member : members) {
      int next = format.indexOf("\"" + member + "\":", position);
      assertTrue(next >= 0, member + " does not come after what stands before it");
      position = next;
    }
    found("\"((?:nginx|tls)[a-z_.]+)\":", program)
        .forEach(member -> assertTrue(format.contains("\"" + member + "\":"), member));
  }

  @Test
  void inhibitions_nameAlertsThatExist() {
    String text = Monitoring.read(Path.of("prometheus/alertmanager.yml"));
    Set<String> unknown =
        found("alertname=~?\"([\\w|]+)\"", text)
            .flatMap(names -> Arrays.stream(names.split("\\|", -1)))
            .filter(name -> !NAMES.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), unknown);
  }

  @Test
  void dashboards_haveDistinctPanelsWithQueries() {
    List<String> wrong = new ArrayList<>();
    Monitoring.dashboards()
        .forEach(
            (file, dashboard) -> {
              List<JsonObject> panels =
                  dashboard.getJsonArray("panels").stream().map(JsonObject.class::cast).toList();
              if (!file.equals(dashboard.getString("uid") + ".json")
                  || panels.stream().map(panel -> panel.getInteger("id")).distinct().count()
                      != panels.size()
                  || panels.stream().anyMatch(MonitoringTest::isEmpty)) {
                wrong.add(file);
              }
            });
    assertEquals(List.of(), wrong);
    assertTrue(Monitoring.dashboards().size() >= 7);
  }

  private static boolean isEmpty(JsonObject panel) {
    JsonObject place = panel.getJsonObject("gridPos");
    boolean outside = place.getInteger("x") + place.getInteger("w") > 24;
    return outside
        || panel.getString("title", "").isBlank()
        || (!"row".equals(panel.getString("type")) && panel.getJsonArray("targets").isEmpty());
  }

  /** Names of series that a rule or a dashboard asks for. */
  private static Set<String> used(Predicate<String> wanted) {
    Stream<String> rules = Monitoring.rules().stream().map(Rule::expression);
    Stream<String> queries =
        Monitoring.dashboards().values().stream()
            .flatMap(dashboard -> Monitoring.queries(dashboard).stream().map(Map.Entry::getValue));
    return Stream.concat(rules, queries)
        .flatMap(expression -> Monitoring.series(expression).stream())
        .filter(wanted)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1));
  }
}
