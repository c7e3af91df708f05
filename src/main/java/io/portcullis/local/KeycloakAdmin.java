package io.portcullis.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The administrator of a local Keycloak: makes what `up` and the tests need. Blocks; one thread at
 * a time.
 */
public final class KeycloakAdmin {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration TOKEN_KEPT = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI keycloak;
  private final String password;
  private String token = "";
  private long tokenAt;

  KeycloakAdmin(HttpClient http, URI keycloak, String password) {
    this.http = http;
    this.keycloak = keycloak;
    this.password = password;
  }

  /**
   * The organization with that alias, made when there is none.
   *
   * @return its id
   */
  public String organization(String realm, String alias) {
    String path = realm + "/organizations";
    Optional<String> found = findOrganization(realm, alias);
    if (found.isEmpty()) {
      var body = new JsonObject().put("name", alias).put("alias", alias).put("enabled", true);
      call("POST", path, body.encode(), Set.of(201, 409));
      found = findOrganization(realm, alias);
    }
    return found.orElseThrow(() -> new LocalFailure("Keycloak did not make " + alias));
  }

  /** Makes the user a member; an existing membership is fine. */
  public void addMember(String realm, String organizationAlias, String username) {
    String path = realm + "/organizations/" + organization(realm, organizationAlias) + "/members";
    call("POST", path, userId(realm, username), Set.of(201, 204, 409));
  }

  /** Ends a membership. */
  public void removeMember(String realm, String organizationAlias, String username) {
    String members =
        realm + "/organizations/" + organization(realm, organizationAlias) + "/members/";
    call("DELETE", members + userId(realm, username), "", Set.of(204));
  }

  /**
   * Makes a user who can log in at once.
   *
   * @return the user's id, the {@code sub} of tokens
   */
  public String createUser(String realm, String username, String password, String... roles) {
    var credential =
        new JsonObject().put("type", "password").put("value", password).put("temporary", false);
    var user =
        new JsonObject()
            .put("username", username)
            .put("enabled", true)
            .put("email", username + "@example.test")
            .put("emailVerified", true)
            .put("firstName", username)
            .put("lastName", username)
            .put("credentials", new JsonArray().add(credential));
    call("POST", realm + "/users", user.encode(), Set.of(201));
    String id = userId(realm, username);
    var granted = new JsonArray();
    for (String role : roles) {
      granted.add(new JsonObject(call("GET", realm + "/roles/" + role, "", Set.of(200))));
    }
    if (!granted.isEmpty()) {
      String path = realm + "/users/" + id + "/role-mappings/realm";
      call("POST", path, granted.encode(), Set.of(204));
    }
    return id;
  }

  /** Deletes a user. */
  public void deleteUser(String realm, String username) {
    call("DELETE", realm + "/users/" + userId(realm, username), "", Set.of(204));
  }

  /** Makes a realm from a representation, as an import file has it. */
  public void createRealm(JsonObject representation) {
    call("POST", "", representation.encode(), Set.of(201));
  }

  /** Deletes a realm. */
  public void deleteRealm(String realm) {
    call("DELETE", realm, "", Set.of(204));
  }

  /** The id of a user. */
  public String userId(String realm, String username) {
    String query = "/users?exact=true&username=" + encode(username);
    var users = new JsonArray(call("GET", realm + query, "", Set.of(200)));
    if (users.isEmpty()) {
      throw new LocalFailure("Keycloak knows no user " + username + " in " + realm);
    }
    return users.getJsonObject(0).getString("id");
  }

  /**
   * Any call of Keycloak's admin API.
   *
   * @param path below {@code /admin/realms/}
   * @param body JSON; empty for none
   * @param expected the status codes that mean success
   * @return the body of the answer
   */
  public String call(String method, String path, String body, Set<Integer> expected) {
    URI target = keycloak.resolve("/admin/realms" + (path.isEmpty() ? "" : "/" + path));
    HttpRequest request =
        HttpRequest.newBuilder(target)
            .timeout(LIMIT)
            .header("Authorization", "Bearer " + token())
            .header("Content-Type", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (!expected.contains(answer.statusCode())) {
        throw new LocalFailure(
            "Keycloak answers %d to %s %s: %s"
                .formatted(answer.statusCode(), method, target.getPath(), answer.body()));
      }
      return answer.body();
    } catch (IOException e) {
      throw new LocalFailure("Keycloak does not answer at " + keycloak, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalFailure("interrupted while waiting for Keycloak", e);
    }
  }

  private Optional<String> findOrganization(String realm, String alias) {
    String query = "/organizations?exact=false&max=100&search=" + encode(alias);
    var found = new JsonArray(call("GET", realm + query, "", Set.of(200)));
    List<JsonObject> all = found.stream().map(JsonObject.class::cast).toList();
    return all.stream()
        .filter(organization -> alias.equals(organization.getString("alias")))
        .map(organization -> organization.getString("id"))
        .findFirst();
  }

  private String token() {
    long now = System.nanoTime();
    if (token.isEmpty() || now - tokenAt > TOKEN_KEPT.toNanos()) {
      token =
          new KeycloakTokens(http, keycloak)
              .accessToken("master", "admin-cli", KeycloakPart.ADMIN, password, "");
      tokenAt = now;
    }
    return token;
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
