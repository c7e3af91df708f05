package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.ConfigLoader;
import io.portcullis.config.PortcullisConfig;
import io.portcullis.config.RouteConfig;
import io.portcullis.config.RouteConfig.Access;
import io.portcullis.config.RouteConfig.Listener;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/asvs.md} promises of files that no program of ours runs: the realm, Nginx'
 * configuration, the shipped routes.
 */
final class SecurityPromisesTest {
  private static final JsonObject REALM = realm();

  @Test
  void realm_endsWhatIsOldOrUnused() {
    assertTrue(REALM.getInteger("accessCodeLifespan") <= 60, "a code lives a minute");
    assertTrue(REALM.getInteger("accessTokenLifespan") <= 300);
    assertTrue(REALM.getInteger("ssoSessionIdleTimeout") <= 3600);
    assertTrue(REALM.getInteger("ssoSessionMaxLifespan") <= 12 * 3600);
    assertTrue(REALM.getBoolean("offlineSessionMaxLifespanEnabled"));
    assertTrue(REALM.getInteger("offlineSessionMaxLifespan") <= 60 * 24 * 3600);
    assertFalse(REALM.getBoolean("rememberMe"));
  }

  @Test
  void realm_keepsItsEvents() {
    assertTrue(REALM.getBoolean("eventsEnabled"));
    assertTrue(REALM.getInteger("eventsExpiration") >= 7 * 24 * 3600);
    assertTrue(REALM.getBoolean("adminEventsEnabled"));
    assertTrue(REALM.getBoolean("adminEventsDetailsEnabled"));
    assertTrue(REALM.getJsonArray("eventsListeners").contains("jboss-logging"));
  }

  @Test
  void clients_thatArePublic_getNoRefreshToken() {
    Set<String> open = new HashSet<>();
    for (JsonObject client : ours()) {
      if (client.getBoolean("publicClient") && client.getBoolean("enabled")) {
        open.add(client.getString("clientId"));
        JsonObject attributes = client.getJsonObject("attributes");
        assertEquals("false", attributes.getString("use.refresh.tokens"), client::encode);
      }
    }
    assertEquals(Set.of("portcullis-console"), open);
  }

  @Test
  void clients_haveNoOtherFlowsThanTheyNeed() {
    for (JsonObject client : ours()) {
      String name = client.getString("clientId");
      assertFalse(client.getBoolean("implicitFlowEnabled"), name);
      assertFalse(client.getBoolean("directAccessGrantsEnabled"), name);
      JsonObject attributes = client.getJsonObject("attributes");
      for (String grant :
          List.of(
              "oauth2.device.authorization.grant.enabled",
              "oidc.ciba.grant.enabled",
              "standard.token.exchange.enabled")) {
        assertEquals("false", attributes.getString(grant), name + " " + grant);
      }
      assertFalse(
          client.getBoolean("standardFlowEnabled") && client.getBoolean("serviceAccountsEnabled"),
          name + " is for people or for itself");
    }
  }

  @Test
  void routes_ofTheShippedFile_nameWhoMayAsk() {
    PortcullisConfig config = ConfigLoader.load(Path.of("conf/portcullis.yaml"), Map.of());
    Set<String> anybody = new HashSet<>();
    for (RouteConfig route : config.routes()) {
      if (route.access() == Access.TENANT) {
        assertFalse(route.roles().isEmpty(), route.name());
      } else if (route.access() == Access.PUBLIC) {
        anybody.add(route.name());
      } else if (route.listener() == Listener.INTERNAL) {
        assertFalse(route.services().isEmpty(), route.name());
      }
    }
    assertEquals(
        Set.of("openapi", "login", "login-callback", "logout", "backchannel-logout"), anybody);
  }

  @Test
  void tls_ofTheEdge_hasNoOldVersion() throws IOException {
    assertEquals(Set.of("TLSv1.2 TLSv1.3"), Set.copyOf(directives("ssl_protocols")));
    assertEquals(Set.of("TLSv1.3"), Set.copyOf(directives("proxy_ssl_protocols")));
    assertEquals(Set.of("on"), Set.copyOf(directives("proxy_ssl_verify")));
    assertEquals(Set.of("off"), Set.copyOf(directives("ssl_early_data")));
  }

  /** A redirect keeps no method, and there is none but where a location names whole addresses. */
  @Test
  void plainHttp_leadsNoProgramToHttps() throws IOException {
    int redirects = 0;
    for (String file : List.of("nginx/conf.d/servers.conf", "docker/nginx/conf.d/login.conf")) {
      String location = "";
      for (String line : Files.readAllLines(Path.of(file))) {
        if (line.strip().startsWith("location ")) {
          location = line.strip();
        }
        assertFalse(line.strip().matches("return 30[278].*"), file + ": " + line);
        if (line.strip().startsWith("return 301 ")) {
          redirects++;
          assertTrue(location.matches("location ~ \\^/[a-z/()?]*\\$ \\{"), file + ": " + location);
        }
      }
    }
    assertEquals(2, redirects);
  }

  /** No place comes from a request: a variable in one is filled in before Nginx starts. */
  @Test
  void edge_passesOnToFixedPlacesAlone() throws IOException {
    List<String> places = directives("proxy_pass");
    assertTrue(places.contains("https://gateway"), places::toString);
    for (String place : places) {
      String filled = place;
      for (String variable : directives("set")) {
        String[] set = variable.split("\\s+", 2);
        filled = set[1].startsWith("${EDGE_") ? filled.replace(set[0] + ":", "name:") : filled;
      }
      boolean itself = place.startsWith("http://unix:${EDGE_STATE}/");
      assertTrue(itself || filled.matches("https://[a-z0-9.:-]+"), place);
    }
    for (String other : List.of("fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass")) {
      assertEquals(List.of(), directives(other));
    }
    assertEquals(List.of(), directives("SecRemoteRules"));
  }

  @Test
  void edge_listsNoFolder() throws IOException {
    assertEquals(List.of(), directives("autoindex"));
    assertEquals(List.of(), directives("dav_methods"));
    for (String root : directives("root")) {
      assertTrue(root.startsWith("${EDGE_STATE}"), root);
    }
  }

  @Test
  void debugging_isNowhereOn() throws IOException {
    PortcullisConfig config = ConfigLoader.load(Path.of("conf/portcullis.yaml"), Map.of());
    assertEquals("info", config.log().level());
    assertEquals(Set.of("stderr crit", "stderr notice"), Set.copyOf(directives("error_log")));
    assertEquals(List.of(), directives("SecDebugLog"));
    assertEquals(List.of(), directives("debug_connection"));
    for (String start :
        List.of("src/main/java/io/portcullis/local/KeycloakPart.java", "docker/keycloak/serve")) {
      assertFalse(Files.readString(Path.of(start)).contains("start-dev"), start);
    }
  }

  @Test
  void logs_ofTheContainers_quoteNoRowsAndNameLogins() throws IOException {
    String postgres = Files.readString(Path.of("docker/postgres/conf/postgresql.conf"));
    assertTrue(postgres.matches("(?s).*\\nlog_error_verbosity = terse\\b.*"));
    assertTrue(postgres.contains("\nlog_parameter_max_length_on_error = 0\n"));
    String keycloak = Files.readString(Path.of("docker/keycloak/serve"));
    assertTrue(keycloak.contains("\nspi-events-listener--jboss-logging--success-level=info\n"));
    assertTrue(keycloak.contains("-Dquarkus.log.console.json.exception-output-type=formatted"));
  }

  /** What a client claims in the name of a proxy goes no further: said anew, or left out. */
  @Test
  void headersOfProxies_areSaidAnewForKeycloakToo() throws IOException {
    String login = Files.readString(Path.of("docker/nginx/conf.d/login.conf"));
    for (String name :
        List.of("For", "Proto", "Host", "Port", "Prefix").stream()
            .map(end -> "X-Forwarded-" + end)
            .toList()) {
      assertTrue(login.matches("(?s).*proxy_set_header " + name + " +\\S.*"), name);
    }
  }

  /** A secret is named after the one container that has it, or those that are the same twice. */
  @Test
  void secrets_ofEachContainer_areItsOwn() throws IOException {
    int found = 0;
    Pattern section = Pattern.compile("^(?:x-)?([\\w-]+):.*");
    Pattern service = Pattern.compile("^  ([\\w-]+):.*");
    Pattern secret = Pattern.compile("^ {4,6}- \\{source: ([\\w-]+?)_[\\w.-]+, target: .*");
    try (Stream<Path> files = Files.list(Path.of("docker"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).toList()) {
        String container = "";
        boolean services = false;
        for (String line : Files.readAllLines(file)) {
          Matcher begins = section.matcher(line);
          Matcher named = service.matcher(line);
          Matcher has = secret.matcher(line);
          if (begins.matches()) {
            services = line.startsWith("services:");
            container = begins.group(1);
          } else if (services && named.matches()) {
            container = named.group(1);
          } else if (has.matches()) {
            found++;
            assertTrue(container.startsWith(has.group(1)), file + " " + container + ": " + line);
          }
        }
      }
    }
    assertTrue(found > 20, "found " + found);
  }

  /** Those of commands, for migrations and organizations, are not among what a node starts with. */
  @Test
  void secrets_ofServingNodes_areEnoughAndNotThoseOfCommands(@TempDir Path folder)
      throws IOException {
    Set<String> names = new HashSet<>();
    Pattern secret = Pattern.compile("\\{source: gateway_(\\w+), target: \\1}");
    secret
        .matcher(Files.readString(Path.of("docker/compose.yaml")))
        .results()
        .forEach(found -> names.add(found.group(1)));
    for (String name : names) {
      String value = name.equals("session_keys") ? "k1:" + "A".repeat(43) + "=" : "s".repeat(43);
      Files.writeString(folder.resolve(name), value);
    }
    String text = Files.readString(Path.of("docker/gateway/portcullis.yaml"));
    Path file = folder.resolve("portcullis.yaml");
    Files.writeString(file, text.replace("/run/secrets/", folder + "/"));
    PortcullisConfig serving = ConfigLoader.load(file, Map.of());
    assertEquals("", serving.postgres().admin().user());
    assertEquals(Optional.empty(), serving.keycloak().url());
    assertEquals(8, names.size(), names::toString);
    // With the variables of the service cli the same file is a whole configuration for commands.
    String password = Files.writeString(folder.resolve("of-commands"), "c".repeat(43)).toString();
    PortcullisConfig commands =
        ConfigLoader.load(
            file,
            Map.of(
                "PORTCULLIS_POSTGRES_ADMIN_USER",
                "pc_admin",
                "PORTCULLIS_POSTGRES_ADMIN_PASSWORD_FILE",
                password,
                "PORTCULLIS_KEYCLOAK_URL",
                "https://keycloak.backend:8443",
                "PORTCULLIS_KEYCLOAK_SECRET_FILE",
                password));
    assertEquals("pc_admin", commands.postgres().admin().user());
    assertEquals("portcullis-admin", commands.keycloak().client());
  }

  /** The values of a directive anywhere in Nginx' templates, those of the containers among them. */
  private static List<String> directives(String name) throws IOException {
    Pattern directive = Pattern.compile("(?m)^\\s*" + name + "\\s+([^;\\n]+);?\\s*(?:#.*)?$");
    StringBuilder all = new StringBuilder();
    for (String folder : List.of("nginx", "docker/nginx")) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(each -> each.toString().endsWith(".conf")).toList()) {
          all.append(Files.readString(file)).append('\n');
        }
      }
    }
    Matcher matcher = directive.matcher(all);
    return matcher.results().map(found -> found.group(1).strip()).toList();
  }

  /** Clients that are ours and not made by Keycloak itself. */
  private static List<JsonObject> ours() {
    JsonArray clients = REALM.getJsonArray("clients");
    return clients.stream()
        .map(JsonObject.class::cast)
        .filter(client -> !client.getString("clientId").startsWith("account"))
        .toList();
  }

  private static JsonObject realm() {
    try {
      return new JsonObject(Files.readString(Path.of("docker/keycloak/portcullis-realm.json")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
