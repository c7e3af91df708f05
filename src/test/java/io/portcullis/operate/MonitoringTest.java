package io.portcullis.operate;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.command.RootCommand;
import io.portcullis.testing.Monitoring;
import io.portcullis.testing.Monitoring.Moment;
import io.portcullis.testing.Monitoring.Rule;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
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
import picocli.CommandLine;

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
    Set<String> recorded = Monitoring.rules().stream().map(Rule::name).collect(Collectors.toSet());
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
    // What has no labels ends its line.
    Set<String> missing = used(name -> name.startsWith("edge_") && unknown.test(name));
    missing.removeIf(
        name ->
            program.contains("counter " + name + "\n") || program.contains("gauge " + name + "\n"));
    assertEquals(Set.of(), missing);
  }

  @Test
  void accessLog_hasTheMembersThatAreCountedInTheirOrder() {
    String program = Monitoring.read(Path.of("prometheus/mtail/nginx.mtail")).replace("\\", "");
    String format = Monitoring.read(Path.of("nginx/conf.d/log.conf"));
    String head =
        program.substring(program.indexOf("/^{"), program.indexOf("edge_requests_total["));
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
  void inhibitions_silenceWhatFollowsAndNothingElse() {
    String blackbox = "TargetDown job=monitoring service=blackbox-exporter severity=warning";
    String probe = "TargetDown job=probe-ready service=gateway-1 severity=warning";
    String mtail = "TargetDown job=edge service=nginx severity=warning";
    String node = "TargetDown job=gateway service=gateway-1 severity=warning";
    String nginx = "NginxDown job=nginx service=nginx severity=critical";
    String sentinel = "SentinelSeesPrimaryDown service=sentinel-1 redis=state severity=critical";
    String primaries = "RedisPrimaries redis=state severity=critical";
    String limits = "RedisDown service=redis-limits redis=limits severity=critical";
    String stale = "RevocationsStale service=gateway-1 severity=critical";
    String local = "ReplayGuardLocal service=gateway-1 severity=warning";
    String slow = "EventLoopDelayed service=gateway-1 severity=warning";
    String edge = "EdgeUpstreamFailing service=nginx severity=warning";
    String lanesOfLimits = "RedisLanesDown service=gateway-1 use=limits severity=warning";
    String lanesOfState = "RedisLanesDown service=gateway-1 use=state severity=warning";
    assertAll(
        () -> assertEquals(List.of(probe), silent(blackbox, probe, mtail, slow, edge, stale)),
        () -> assertEquals(List.of(), silent(probe, slow, stale, local, lanesOfState)),
        () -> assertEquals(List.of(), silent(mtail, edge)),
        () -> assertEquals(List.of(slow, local), silent(node, slow, local, edge, stale)),
        () -> assertEquals(List.of(mtail, edge), silent(nginx, mtail, edge, slow)),
        () -> assertEquals(List.of(), silent(sentinel, stale, local, lanesOfState)),
        () ->
            assertEquals(
                List.of(stale, local, lanesOfState),
                silent(primaries, stale, local, lanesOfState, lanesOfLimits)),
        () -> assertEquals(List.of(lanesOfLimits), silent(limits, lanesOfLimits, lanesOfState)));
  }

  /** Which of these are not sent while one fires; each is its name, then its labels. */
  private static List<String> silent(String cause, String... others) {
    return Arrays.stream(others)
        .filter(
            other ->
                Monitoring.inhibitions().stream()
                    .anyMatch(rule -> rule.silences(labels(cause), labels(other))))
        .toList();
  }

  private static Map<String, String> labels(String alert) {
    return Arrays.stream(("alertname=" + alert).split(" ", -1))
        .map(label -> label.split("=", 2))
        .collect(Collectors.toMap(label -> label[0], label -> label[1]));
  }

  @Test
  void runbook_namesCommandsAndServicesThatExist() {
    String text = Monitoring.read(Path.of("docs/runbook.md")).replaceAll("(?s)```.*?```", "");
    List<String> wrong =
        found("`([^`]+)`", text)
            .map(line -> line.replaceFirst("^\\./portcullis ", "").replaceAll("\\s+", " "))
            .filter(line -> !exists(List.of(line.split(" ", -1))))
            .toList();
    assertEquals(List.of(), wrong);
    assertEquals(
        List.of(),
        found("(docker compose (?!-p portcullis\\b)[^`]*)", text).toList(),
        "the Compose files are not where an operator is");
  }

  private static boolean exists(List<String> words) {
    String second = words.size() > 1 ? words.get(1) : "X";
    return second.equals("X")
        || switch (words.getFirst()) {
          case "stack" ->
              Files.isExecutable(Path.of("docker/stack.d", second))
                  && (!Set.of("logs", "restart").contains(second)
                      || words.stream().skip(2).allMatch(MonitoringTest::isService));
          case "portcullis", "dlq" -> false;
          case "audit", "certs", "config", "realm", "tenant" ->
              new CommandLine(new RootCommand())
                  .getSubcommands().entrySet().stream()
                      .filter(command -> command.getKey().equals(words.getFirst()))
                      .anyMatch(command -> command.getValue().getSubcommands().containsKey(second));
          default -> true;
        };
  }

  /** One of the Compose files, or what stands for one, or an option. */
  private static boolean isService(String word) {
    return word.startsWith("-")
        || Set.of("SERVICE", "gateway-N").contains(word)
        || Stream.of("compose", "compose.backup", "compose.monitor", "compose.logs")
            .map(file -> Monitoring.read(Path.of("docker", file + ".yaml")))
            .anyMatch(file -> file.contains("\n  " + word + ":\n"));
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
