package io.portcullis.realm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The shipped realm: what must never slip into it, and that its parts fit together. */
final class RealmFilesTest {
  private static final Path FOLDER = Path.of("docker/keycloak");
  private static final JsonObject PRODUCTION = read("portcullis-realm.json");
  private static final JsonObject DEVELOPMENT = Overlay.merge(PRODUCTION, read("development.json"));

  @Test
  void production_hasNobodyAndNoPasswordGrant() {
    for (JsonObject user : Things.objects(PRODUCTION, "users")) {
      assertNotNull(user.getString("serviceAccountClientId"), user.getString("username"));
      assertFalse(user.containsKey("credentials"));
    }
    for (JsonObject client : own(PRODUCTION)) {
      String name = client.getString("clientId");
      assertFalse(client.getBoolean("directAccessGrantsEnabled"), name);
      assertFalse(client.getBoolean("implicitFlowEnabled"), name);
      assertFalse(client.getBoolean("fullScopeAllowed"), name);
    }
    assertEquals("portcullis no direct grant", PRODUCTION.getString("directGrantFlow"));
  }

  @Test
  void secrets_arePlaceholders() {
    for (JsonObject client : own(DEVELOPMENT)) {
      String name = client.getString("clientId");
      String secret = client.getString("secret");
      boolean confidential =
          !client.getBoolean("publicClient") && !client.getBoolean("bearerOnly", false);
      assertEquals(confidential, secret != null, name);
      assertTrue(secret == null || secret.matches("\\$\\{[A-Z_]+}"), name);
    }
    assertEquals(
        "${PORTCULLIS_SMTP_PASSWORD}",
        PRODUCTION.getJsonObject("smtpServer").getString("password"));
  }

  @Test
  void browserClients_needPkceAndExactAddresses() {
    Set<String> browsers = new HashSet<>();
    for (JsonObject client : own(PRODUCTION)) {
      if (client.getBoolean("standardFlowEnabled")) {
        browsers.add(client.getString("clientId"));
        JsonObject attributes = client.getJsonObject("attributes");
        assertEquals("S256", attributes.getString("pkce.code.challenge.method"));
        Things.texts(client, "redirectUris").forEach(uri -> assertFalse(uri.contains("*"), uri));
        assertFalse(attributes.getString("post.logout.redirect.uris").contains("*"));
      }
    }
    assertEquals(Set.of("portcullis-gateway", "portcullis-console"), browsers);
  }

  @Test
  void realm_isGuarded() {
    assertEquals("external", PRODUCTION.getString("sslRequired"));
    assertTrue(DEVELOPMENT.getBoolean("bruteForceProtected"));
    assertTrue(PRODUCTION.getString("passwordPolicy").contains("length(12)"));
    assertFalse(PRODUCTION.getBoolean("rememberMe"));
    assertFalse(PRODUCTION.getBoolean("registrationAllowed"));
    assertEquals(300, PRODUCTION.getInteger("accessTokenLifespan"));
    assertTrue(PRODUCTION.getBoolean("verifyEmail"));
  }

  @Test
  void powerfulRoles_needASecondFactor() {
    Set<String> guarded = new HashSet<>();
    for (JsonObject role : Things.objects(PRODUCTION.getJsonObject("roles"), "realm")) {
      JsonObject parts = Things.object(role, "composites");
      if (Things.texts(Things.object(parts, "client"), "portcullis-gateway")
          .contains("second-factor")) {
        guarded.add(role.getString("name"));
      }
    }
    assertEquals(Set.of("operator", "tenant-admin", "auditor"), guarded);
  }

  /** A name that nothing bears would only show when a login fails. */
  @Test
  void names_areOfThingsThatExist() {
    Set<String> flows = names("authenticationFlows", "alias");
    Set<String> configurations = names("authenticatorConfig", "alias");
    Set<String> used = new HashSet<>();
    for (JsonObject flow : Things.objects(PRODUCTION, "authenticationFlows")) {
      for (JsonObject step : Things.objects(flow, "authenticationExecutions")) {
        String below = step.getString("flowAlias");
        assertTrue(below == null || flows.contains(below), below);
        String configuration = step.getString("authenticatorConfig");
        if (configuration != null) {
          assertTrue(configurations.contains(configuration), configuration);
          used.add(configuration);
        }
      }
    }
    assertEquals(configurations, used);
    Set<String> scopes = names("clientScopes", "name");
    for (JsonObject client : Things.objects(DEVELOPMENT, "clients")) {
      assertTrue(scopes.containsAll(Things.texts(client, "defaultClientScopes")));
      assertTrue(scopes.containsAll(Things.texts(client, "optionalClientScopes")));
    }
  }

  @Test
  void development_fillsWithoutMailAndDirectory() {
    Set<String> known =
        Set.of(
            "PORTCULLIS_HTTP_PUBLIC_URL",
            "PORTCULLIS_BACKCHANNEL_URL",
            "PORTCULLIS_CONSOLE_URL",
            "PORTCULLIS_KEYCLOAK_SECRET",
            "PORTCULLIS_LOGIN_CLIENT_SECRET",
            "PORTCULLIS_OPS_CLIENT_SECRET",
            "PORTCULLIS_AI_CLIENT_SECRET");
    Map<String, String> variables =
        known.stream().collect(Collectors.toMap(name -> name, name -> "x"));
    List<Path> files =
        List.of(FOLDER.resolve("portcullis-realm.json"), FOLDER.resolve("development.json"));
    JsonObject filled = RealmData.read(files, variables).json();
    assertFalse(filled.getJsonObject("smtpServer").containsKey("password"));
    RealmException missing =
        assertThrows(
            RealmException.class,
            () -> RealmData.read(List.of(FOLDER.resolve("portcullis-realm.json")), variables));
    assertTrue(
        String.valueOf(missing.getMessage())
            .contains(
                "PORTCULLIS_SMTP_FROM, PORTCULLIS_SMTP_HOST, PORTCULLIS_SMTP_PASSWORD,"
                    + " PORTCULLIS_SMTP_USER"),
        String.valueOf(missing.getMessage()));
  }

  /** Clients that are ours and not made by Keycloak itself. */
  private static List<JsonObject> own(JsonObject realm) {
    return Things.objects(realm, "clients").stream()
        .filter(client -> !client.getString("clientId").startsWith("account"))
        .toList();
  }

  private static Set<String> names(String member, String naming) {
    JsonArray list = PRODUCTION.getJsonArray(member);
    return Things.byName(list, naming).keySet();
  }

  private static JsonObject read(String name) {
    try {
      return new JsonObject(Files.readString(FOLDER.resolve(name)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
