package io.portcullis.tenant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.portcullis.config.KeycloakConfig;
import io.portcullis.config.Secret;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The admin API's side is a hand-written fake: a list of organizations. */
class OrganizationDirectoryTest {
  private final JsonArray organizations = new JsonArray();
  private final List<String> requests = new ArrayList<>();
  private HttpServer server;
  private int createStatus = 201;
  private String token = "{\"access_token\":\"t0ken\"}";

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/realms/demo/protocol/openid-connect/token", this::token);
    server.createContext("/admin/realms/demo/organizations", this::organizations);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private OrganizationDirectory directory() {
    return new OrganizationDirectory(config("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  private static KeycloakConfig config(String url) {
    return new KeycloakConfig(
        Optional.of(URI.create(url)),
        "demo",
        "admin-client",
        new Secret("s3cret&more"),
        Optional.empty());
  }

  @Test
  void ensure_missing_isMadeOnceAndFoundAgain() {
    organizations.add(new JsonObject().put("id", "other").put("alias", "acme-two"));
    try (OrganizationDirectory directory = directory()) {
      String id = directory.ensure("acme");
      assertEquals(id, directory.ensure("acme"));
      assertEquals(2, organizations.size());
      assertEquals(1, requests.stream().filter(request -> request.startsWith("POST /ad")).count());
    }
  }

  @Test
  void ensure_madeByAnotherMeanwhile_isTheirs() {
    createStatus = 409;
    try (OrganizationDirectory directory = directory()) {
      assertFalse(directory.ensure("acme").isEmpty());
    }
  }

  @Test
  void ensure_secretRefused_saysSoWithoutTheSecret() {
    token = "";
    String message = message(this::directory);
    assertTrue(message.contains("admin-client"), message);
    assertFalse(message.contains("s3cret"), message);
  }

  @Test
  void ensure_nonsenseAnswered_saysSo() {
    token = "<html>";
    assertTrue(message(this::directory).contains("not JSON"));
    token = "{}";
    assertTrue(message(this::directory).contains("access_token"));
  }

  @Test
  void ensure_creationRefused_saysTheStatus() {
    createStatus = 403;
    assertTrue(message(this::directory).contains("403"));
  }

  @Test
  void ensure_nobodyThere_saysWhere() {
    String message = message(() -> new OrganizationDirectory(config("http://127.0.0.1:1/")));
    assertTrue(message.contains("http://127.0.0.1:1 "), message);
  }

  @Test
  void new_withoutUrl_saysWhatToDo() {
    KeycloakConfig none =
        new KeycloakConfig(Optional.empty(), "r", "c", new Secret(""), Optional.empty());
    assertThrows(TenantLifecycleException.class, () -> new OrganizationDirectory(none));
  }

  private static String message(java.util.function.Supplier<OrganizationDirectory> supplier) {
    try (OrganizationDirectory directory = supplier.get()) {
      return String.valueOf(
          assertThrows(TenantLifecycleException.class, () -> directory.ensure("acme"))
              .getMessage());
    }
  }

  private void token(HttpExchange exchange) throws IOException {
    String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    boolean known = form.contains("client_secret=s3cret%26more") && !token.isEmpty();
    answer(exchange, known ? 200 : 401, token);
  }

  private void organizations(HttpExchange exchange) throws IOException {
    if (!"Bearer t0ken".equals(exchange.getRequestHeaders().getFirst("authorization"))) {
      answer(exchange, 401, "");
    } else if (exchange.getRequestMethod().equals("GET")) {
      answer(exchange, 200, organizations.encode());
    } else {
      JsonObject made =
          new JsonObject(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      if (createStatus != 403) {
        organizations.add(made.put("id", "id-" + organizations.size()));
      }
      answer(exchange, createStatus, "");
    }
  }

  private void answer(HttpExchange exchange, int status, String body) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }
}
