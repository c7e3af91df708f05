package io.portcullis.local;

import io.vertx.core.json.DecodeException;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Direct grants (RFC 6749, section 4.3) at a local Keycloak. Blocks. For development and tests
 * only: a production realm has no client that may do this.
 */
public final class KeycloakTokens {
  private static final Duration LIMIT = Duration.ofSeconds(15);

  private final HttpClient http;
  private final URI keycloak;

  /**
   * Tokens of one Keycloak.
   *
   * @param keycloak its base address
   */
  public KeycloakTokens(HttpClient http, URI keycloak) {
    this.http = http;
    this.keycloak = keycloak;
  }

  /**
   * An access token.
   *
   * @param scope space-separated; empty for the client's default scopes
   * @throws LocalFailure when Keycloak refuses, cannot be reached, or leaves out a requested
   *     organization
   */
  public String accessToken(
      String realm, String client, String user, String password, String scope) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "password");
    form.put("client_id", client);
    form.put("username", user);
    form.put("password", password);
    if (!scope.isEmpty()) {
      form.put("scope", scope);
    }
    JsonObject answer = ask(realm, form, user);
    List<String> granted = List.of(answer.getString("scope", "").split(" ", -1));
    for (String wanted : scope.split(" ", -1)) {
      // Keycloak drops the organization of a user who is not in it, and says so nowhere else.
      if (wanted.startsWith("organization:") && !granted.contains(wanted)) {
        throw new LocalFailure(
            "%s is not a member of %s".formatted(user, wanted.substring(wanted.indexOf(':') + 1)));
      }
    }
    return answer.getString("access_token");
  }

  private JsonObject ask(String realm, Map<String, String> form, String user) {
    URI endpoint = keycloak.resolve("/realms/" + realm + "/protocol/openid-connect/token");
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .timeout(LIMIT)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encode(form)))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      var body = new JsonObject(answer.body());
      if (answer.statusCode() != 200) {
        String why = body.getString("error_description", body.getString("error", "no reason"));
        throw new LocalFailure("Keycloak refuses a token for " + user + ": " + why);
      }
      return body;
    } catch (IOException e) {
      throw new LocalFailure("Keycloak does not answer at " + keycloak, e);
    } catch (DecodeException e) {
      throw new LocalFailure("What answers at " + keycloak + " is not Keycloak", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LocalFailure("interrupted while waiting for Keycloak", e);
    }
  }

  private static String encode(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
