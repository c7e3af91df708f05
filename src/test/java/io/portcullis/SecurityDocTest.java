package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code docs/security.md} says of the platform is what the platform is. */
final class SecurityDocTest {
  private static final Path PAGE = Path.of("docs/security.md");
  private static final Path KEYS = Path.of("docs/configuration.md");
  private static final Path REALM = Path.of("docker/keycloak/portcullis-realm.json");

  /** Keys whose value is a place in the network, by their last word. */
  private static final Pattern ADDRESS =
      Pattern.compile(
          "\\| `([a-z<>.\\[\\]-]*\\.(?:[a-z-]*endpoint|host|url|public-url|jwks|discovery|issuer))` \\|");

  @Test
  void evidence_ofEveryThreat_isThere() throws IOException {
    List<Citation> named = Citation.in(Files.readString(PAGE));
    assertTrue(named.size() > 80, "found " + named.size());
    assertEquals(
        List.of(), named.stream().filter(each -> !each.exists()).map(Citation::name).toList());
  }

  /** A row of the threats: kind, threat, answer, tests. One without a test says where it stands. */
  @Test
  void threats_haveATestOrAreNamedAsLeft() throws IOException {
    int threats = 0;
    for (String line : section("Threats")) {
      if (line.matches("\\| [STRIDE] \\|.*")) {
        threats++;
        String[] cells = line.split("\\|", -1);
        assertEquals(6, cells.length, line);
        boolean shown = Citation.in(cells[4]).stream().anyMatch(Citation::isTest);
        assertTrue(shown || cells[4].contains("#what-is-left"), line);
      }
    }
    assertTrue(threats > 50, "found " + threats);
  }

  @Test
  void addresses_ofTheConfiguration_areAllOnThePage() throws IOException {
    String connections = String.join("\n", section("Connections"));
    Set<String> missing = new TreeSet<>();
    String keys = Files.readString(KEYS);
    Matcher key = ADDRESS.matcher(keys.substring(keys.indexOf("<!-- keys: begin -->")));
    int found = 0;
    while (key.find()) {
      found++;
      if (!connections.contains("`" + key.group(1) + "`")) {
        missing.add(key.group(1));
      }
    }
    assertTrue(found > 12, "found " + found);
    missing.remove("login.issuer"); // a name of another section
    assertEquals(Set.of(), missing);
  }

  @Test
  void routes_areAllInTheTableOfWhoMayDoWhat() throws IOException {
    String rules = String.join("\n", section("Who may do what"));
    Matcher route =
        Pattern.compile("(?m)^  - name: (\\S+)$")
            .matcher(Files.readString(Path.of("conf/portcullis.yaml")));
    int found = 0;
    while (route.find()) {
      found++;
      assertTrue(rules.contains("`" + route.group(1) + "`"), route.group(1));
    }
    assertTrue(found > 10, "found " + found);
  }

  @Test
  void timeouts_ofThePage_areThoseThatHold() throws IOException {
    JsonObject realm = new JsonObject(Files.readString(REALM));
    String table = String.join("\n", section("Sessions: how long, how many"));
    String keys = Files.readString(KEYS);
    for (String fallback : List.of("idle` | %s | `30m`", "absolute` | %s | `12h`")) {
      String row = Pattern.quote("| `sessions." + fallback).replace("%s", "\\E[^|]*\\Q");
      assertTrue(Pattern.compile(row).matcher(keys).find(), row);
    }
    assertTrue(Pattern.compile("`sessions.per-user` \\|[^|]*\\| `10`").matcher(keys).find());
    assertEquals(45 * 60, realm.getInteger("ssoSessionIdleTimeout"));
    assertEquals(12 * 60 * 60, realm.getInteger("ssoSessionMaxLifespan"));
    assertEquals(5 * 60, realm.getInteger("accessTokenLifespan"));
    for (String row :
        List.of(
            "| unused | 30 minutes (`sessions.idle`) | 45 minutes |",
            "| at most | 12 hours (`sessions.absolute`) | 12 hours |",
            "| access token | – | 5 minutes |")) {
      assertTrue(table.contains(row), row);
    }
    assertTrue(table.contains("10 a person (`sessions.per-user`)"));
  }

  /** Each place where the node, Nginx or its firewall writes a log. */
  @Test
  void logs_allStandInTheInventory() throws IOException {
    String inventory = String.join("\n", section("What is logged where"));
    Set<String> places = logsOfNginx();
    assertTrue(
        places.containsAll(Set.of("access.log", "stderr", "waf-raw.json")), places::toString);
    Matcher ofNode =
        Pattern.compile("\\| `(waf\\.(?:masked|audit)-log|node\\.state)` \\|")
            .matcher(Files.readString(KEYS));
    while (ofNode.find()) {
      places.add(ofNode.group(1));
    }
    places.remove("waf.audit-log"); // what Nginx calls waf-raw.json
    assertTrue(places.containsAll(Set.of("waf.masked-log", "node.state")), places::toString);
    for (String place : places) {
      assertTrue(inventory.contains("`" + place + "`"), place);
    }
    String logging =
        Files.readString(Path.of("src/main/java/io/portcullis/operate/Logging.java"))
            + Files.readString(Path.of("src/main/resources/logback.xml"));
    Set<String> appenders = new TreeSet<>();
    Matcher appender = Pattern.compile("\\b(\\w+)Appender\\b").matcher(logging);
    while (appender.find()) {
      appenders.add(appender.group(1));
    }
    appenders.remove("add");
    assertEquals(Set.of("Console"), appenders);
  }

  /** In its templates, those of the containers among them. */
  private static Set<String> logsOfNginx() throws IOException {
    Pattern log =
        Pattern.compile(
            "(?m)^\\s*(?:access_log|error_log|SecAuditLog|SecDebugLog)\\s+(\\S+?)[\\s;]");
    Set<String> places = new TreeSet<>();
    for (String folder : List.of("nginx", "docker/nginx")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".conf")).toList()) {
          log.matcher(Files.readString(file) + "\n")
              .results()
              .forEach(found -> places.add(found.group(1).replace("${EDGE_LOGS}/", "")));
        }
      }
    }
    places.remove("off");
    return places;
  }

  private static List<String> section(String title) throws IOException {
    List<String> lines = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("## ")) {
        inside = line.equals("## " + title);
      }
      if (inside) {
        lines.add(line);
      }
    }
    assertTrue(!lines.isEmpty(), "no section " + title);
    return lines;
  }
}
