package io.portcullis.tenant;

import io.portcullis.config.KeycloakConfig;
import io.portcullis.tls.Trust;
import io.vertx.core.json.DecodeException;
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
import java.util.Optional;

/**
 * Finds and makes the organization of a tenant at Keycloak, through its admin API with the client
 * credentials of a service account. Blocking: for the command line and {@code up}. Every call has a
 * deadline; every failure is a {@link TenantLifecycleException} for the operator.
 */
public final class OrganizationDirectory implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final int PAGE = 100;

  private final String base;
  private final KeycloakConfig config;
  private final HttpClient http;

  /** Connects when it is used. */
  public OrganizationDirectory(KeycloakConfig config) {
    this.config = config;
    String url =
        config
            .url()
            .map(URI::toString)
            .orElseThrow(
                () ->
                    new TenantLifecycleException(
                        "keycloak.url is not set: make the organization by hand and give its id"));
    this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(DEADLINE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(Trust.of(config.trust()).context())
            .build();
  }

  /**
   * The id of the organization whose alias is this tenant name; made when there is none.
   *
   * @param name a tenant's name
   */
  public String ensure(String name) {
    TenantLifecycle.checkName(name);
    String token = token();
    Optional<String> existing = find(name, token);
    return existing.isPresent() ? existing.get() : create(name, token);
  }

  private String token() {
    String form =
        "grant_type=client_credentials&client_id="
            + encode(config.client())
            + "&client_secret="
            + encode(config.secret().value());
    HttpResponse<String> response =
        send(
            HttpRequest.newBuilder(
                    uri("/realms/" + encode(config.realm()) + "/protocol/openid-connect/token"))
                .header("content-type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    if (response.statusCode() != 200) {
      throw new TenantLifecycleException(
          "Keycloak refuses the client "
              + config.client()
              + " (status "
              + response.statusCode()
              + "): check keycloak.client and its secret");
    }
    return text(new Answer(response).object(), "access_token");
  }

  private Optional<String> find(String name, String token) {
    // The search also finds organizations that merely contain the name.
    HttpResponse<String> response =
        send(
            authorized("/organizations?search=" + encode(name) + "&first=0&max=" + PAGE, token)
                .GET());
    expect(response, 200, "search for organizations");
    for (Object entry : new Answer(response).array()) {
      if (entry instanceof JsonObject organization && name.equals(organization.getValue("alias"))) {
        return Optional.of(text(organization, "id"));
      }
    }
    return Optional.empty();
  }

  private String create(String name, String token) {
    JsonObject organization =
        new JsonObject()
            .put("name", name)
            .put("alias", name)
            .put("enabled", true)
            .put(
                "domains",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", name + ".portcullis.invalid")
                            .put("verified", false)));
    HttpResponse<String> response =
        send(
            authorized("/organizations", token)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(organization.encode())));
    // 409: somebody else was faster.
    if (response.statusCode() != 409) {
      expect(response, 201, "make the organization " + name);
    }
    return find(name, token)
        .orElseThrow(
            () ->
                new TenantLifecycleException(
                    "Keycloak has an organization that stands in the way of "
                        + name
                        + ": the same name or domain under another alias"));
  }

  private HttpRequest.Builder authorized(String path, String token) {
    return HttpRequest.newBuilder(uri("/admin/realms/" + encode(config.realm()) + path))
        .header("authorization", "Bearer " + token)
        .header("accept", "application/json");
  }

  private URI uri(String path) {
    return URI.create(base + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(
          request.timeout(DEADLINE).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new TenantLifecycleException(
          "Keycloak at " + base + " does not answer: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TenantLifecycleException("interrupted while waiting for Keycloak", e);
    }
  }

  private static void expect(HttpResponse<String> response, int status, String what) {
    if (response.statusCode() != status) {
      throw new TenantLifecycleException(
          "Keycloak did not " + what + ": status " + response.statusCode());
    }
  }

  private static String text(JsonObject object, String member) {
    if (object.getValue(member) instanceof String value && !value.isEmpty()) {
      return value;
    }
    throw new TenantLifecycleException("Keycloak's answer has no " + member);
  }

  private static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }

  /** A body that should be JSON. */
  private record Answer(HttpResponse<String> response) {
    JsonObject object() {
      try {
        return new JsonObject(response.body());
      } catch (DecodeException e) {
        throw new TenantLifecycleException("Keycloak's answer is not JSON", e);
      }
    }

    JsonArray array() {
      try {
        return new JsonArray(response.body());
      } catch (DecodeException e) {
        throw new TenantLifecycleException("Keycloak's answer is not JSON", e);
      }
    }
  }
}
