package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.local.LocalSystem;
import io.portcullis.testing.DpopKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Set;

/** A client of the real Keycloak whose tokens are bound to a key, and nothing else. */
final class KeycloakDpop implements AutoCloseable {
  private static final String CLIENTS = "portcullis/clients";
  private static final String LIKE = "portcullis-cli";

  private final LocalSystem system;
  private final String name;
  private final String id;

  private KeycloakDpop(LocalSystem system, String name, String id) {
    this.system = system;
    this.name = name;
    this.id = id;
  }

  /** Makes the client: like the one of the command line, but bound. */
  static KeycloakDpop client(LocalSystem system, String name) {
    JsonObject client = find(system, LIKE);
    client.remove("id");
    client.put("clientId", name);
    client.getJsonObject("attributes").put("dpop.bound.access.tokens", "true");
    system.admin().call("POST", CLIENTS, client.encode(), Set.of(201));
    return new KeycloakDpop(system, name, find(system, name).getString("id"));
  }

  private static JsonObject find(LocalSystem system, String name) {
    String found = system.admin().call("GET", CLIENTS + "?clientId=" + name, "", Set.of(200));
    return new JsonArray(found).getJsonObject(0);
  }

  /** A token of a demo user that is bound to the key. */
  String token(DpopKey key, String user) {
    URI endpoint = URI.create(system.issuer() + "/protocol/openid-connect/token");
    HttpResponse<String> answer = ask(endpoint, user, proof(key, endpoint, ""));
    String nonce = answer.headers().firstValue("dpop-nonce").orElse("");
    if (answer.statusCode() == 400 && !nonce.isEmpty()) {
      answer = ask(endpoint, user, proof(key, endpoint, nonce));
    }
    assertEquals(200, answer.statusCode(), answer.body());
    JsonObject body = new JsonObject(answer.body());
    assertEquals("DPoP", body.getString("token_type"));
    return body.getString("access_token");
  }

  private static String proof(DpopKey key, URI endpoint, String nonce) {
    DpopKey.Proof proof = key.proof("POST", endpoint.toString(), "", Instant.now()).without("ath");
    return (nonce.isEmpty() ? proof : proof.nonce(nonce)).signed();
  }

  private HttpResponse<String> ask(URI endpoint, String user, String proof) {
    String form =
        "grant_type=password&client_id=%s&username=%s&password=%s".formatted(name, user, user);
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("DPoP", proof)
            .POST(BodyPublishers.ofString(form))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    system.admin().call("DELETE", CLIENTS + "/" + id, "", Set.of(204));
  }
}
