package io.portcullis.realm;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
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
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Keycloak's admin REST API as one administrator. Blocks, each call for a bounded time; one thread
 * at a time. Whatever goes wrong is a {@link RealmException} that names the call.
 */
final class AdminApi {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A new realm gets its keys, which takes its time. */
  private static final Duration CREATION_LIMIT = Duration.ofMinutes(3);

  /** Keycloak's access tokens for administrators hold for a minute. */
  private static final Duration TOKEN_KEPT = Duration.ofSeconds(30);

  private static final int EXCERPT = 300;

  private final HttpClient http;
  private final String keycloak;
  private final AdminLogin login;
  private String token = "";
  private long tokenAt;

  AdminApi(HttpClient http, URI keycloak, AdminLogin login) {
    this.http = http;
    this.keycloak = keycloak.toString().replaceAll("/+$", "");
    this.login = login;
  }

  /** A name as one segment of a path, or as a value in a query. */
  static String segment(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Reads an object; empty when Keycloak says 404. */
  Optional<JsonObject> find(String path) {
    HttpResponse<String> answer = send("GET", path, "");
    if (answer.statusCode() == 404) {
      return Optional.empty();
    }
    return Optional.of(new JsonObject(expect("GET", path, answer)));
  }

  /** Reads an object that is there. */
  JsonObject object(String path) {
    return new JsonObject(expect("GET", path, send("GET", path, "")));
  }

  /** Reads a list. */
  JsonArray list(String path) {
    return new JsonArray(expect("GET", path, send("GET", path, "")));
  }

  /** Changes something. */
  void write(String method, String path, Object body) {
    expect(method, path, send(method, path, Json.encode(body)));
  }

  /** Deletes something. */
  void delete(String path) {
    expect("DELETE", path, send("DELETE", path, ""));
  }

  private HttpResponse<String> send(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(keycloak + "/admin/realms" + path))
            .header("authorization", "Bearer " + token())
            .header("accept", "application/json")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("content-type", "application/json");
    }
    return exchange(request, path.isEmpty() ? CREATION_LIMIT : LIMIT);
  }

  private String token() {
    long now = System.nanoTime();
    if (token.isEmpty() || now - tokenAt > TOKEN_KEPT.toNanos()) {
      token = fetchToken();
      tokenAt = now;
    }
    return token;
  }

  private String fetchToken() {
    URI endpoint =
        URI.create(
            keycloak + "/realms/" + segment(login.realm()) + "/protocol/openid-connect/token");
    HttpResponse<String> answer =
        exchange(
            HttpRequest.newBuilder(endpoint)
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(encode(login.form()))),
            LIMIT);
    if (answer.statusCode() != 200) {
      throw new RealmException(
          "Keycloak at %s refuses %s: %s".formatted(keycloak, login, reason(answer)));
    }
    String fetched = parsed(answer).getString("access_token");
    if (fetched == null) {
      throw new RealmException("What answers at " + keycloak + " is not Keycloak");
    }
    return fetched;
  }

  private HttpResponse<String> exchange(HttpRequest.Builder request, Duration limit) {
    try {
      return http.send(
          request.timeout(limit).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new RealmException("Keycloak does not answer at " + keycloak, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RealmException("interrupted while waiting for Keycloak", e);
    }
  }

  private static String expect(String method, String path, HttpResponse<String> answer) {
    if (answer.statusCode() / 100 != 2) {
      throw new RealmException(
          "Keycloak answers %d to %s /admin/realms%s: %s"
              .formatted(answer.statusCode(), method, path, reason(answer)));
    }
    return answer.body();
  }

  /** What Keycloak says is wrong. It repeats names and numbers, never a secret. */
  private static String reason(HttpResponse<String> answer) {
    JsonObject body = parsed(answer);
    for (String member : new String[] {"error_description", "errorMessage", "error"}) {
      if (body.getValue(member) instanceof String text) {
        return text.substring(0, Math.min(text.length(), EXCERPT));
      }
    }
    return "no reason given (status " + answer.statusCode() + ")";
  }

  private static JsonObject parsed(HttpResponse<String> answer) {
    try {
      return new JsonObject(answer.body());
    } catch (DecodeException e) {
      return new JsonObject();
    }
  }

  private static String encode(Map<String, String> form) {
    return form.entrySet().stream()
        .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }
}
