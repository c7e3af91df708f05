package io.portcullis;

import io.portcullis.local.KeycloakAdmin;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.KeycloakForms;
import io.portcullis.testing.Visitor;
import io.portcullis.testing.Visitor.Page;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Nodes as people meet them: under one public address, which Keycloak knows, with an app behind
 * them that the test plays. {@code /app} is its page, {@code /app/events} a stream that begins and
 * never ends.
 *
 * <p>The address is another site than Keycloak's ({@code localhost}, not {@code 127.0.0.1}), so
 * that a browser treats the two as it treats strangers.
 */
final class PeopleSystem implements AutoCloseable {
  /** The session's cookie. */
  static final String COOKIE = "__Host-Http-pc";

  static final String REALM = "portcullis";
  private static final String CLIENT = "portcullis-gateway";

  final LocalSystem system = TestSystem.shared();
  final KeycloakAdmin admin = system.admin();
  final List<TestNode> nodes = new ArrayList<>();
  final URI origin;

  private final Vertx vertx = Vertx.vertx();
  private final JsonObject clientAsFound;

  private PeopleSystem(URI origin) {
    this.origin = origin;
    this.clientAsFound = client();
  }

  /** Starts as many nodes; settings as {@link TestNode} takes them. */
  static PeopleSystem start(String name, int count, String... settings) {
    try {
      int port = FreePort.any();
      var people = new PeopleSystem(URI.create("http://localhost:" + port));
      people.register();
      Path file = people.configuration(TestSystem.scratch(name));
      for (int i = 0; i < count; i++) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.addAll(List.of("HTTP_PORT", "" + (i == 0 ? port : 0)));
        all.addAll(List.of("HTTP_PUBLIC_URL", people.origin.toString()));
        people.nodes.add(TestNode.start(file, name + i, all.toArray(String[]::new)));
      }
      return people;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A path under the public address, which is the first node's. */
  URI at(String path) {
    return origin.resolve(path);
  }

  /** A path at a node. */
  URI at(int node, String path) {
    return URI.create("http://127.0.0.1:" + nodes.get(node).node.httpPort()).resolve(path);
  }

  /** Where a login begins that ends at the app. */
  URI loginAddress(String tenant) {
    return at("/auth/login?return_to=/app" + (tenant.isEmpty() ? "" : "&tenant=" + tenant));
  }

  /** Logs in without a browser and ends at the app's page. */
  Page logIn(Visitor visitor, String user, String password, String tenant) {
    return KeycloakForms.logIn(visitor, visitor.get(loginAddress(tenant)), user, password);
  }

  /** The header with the visitor's session. */
  static String cookie(Visitor visitor) {
    return COOKIE
        + "="
        + visitor.cookie(COOKIE).orElseThrow(() -> new AssertionError("no session"));
  }

  /** Changes how Keycloak sees the gateway, until this is closed. */
  void changeClient(JsonObject changes) {
    JsonObject client = client().mergeIn(changes, true);
    admin.call("PUT", REALM + "/clients/" + client.getString("id"), client.encode(), Set.of(204));
  }

  private void register() {
    changeClient(
        new JsonObject()
            .put("redirectUris", new JsonArray().add(at("/auth/callback").toString()))
            .put(
                "attributes",
                new JsonObject()
                    .put("backchannel.logout.url", at("/auth/backchannel-logout").toString())
                    .put("post.logout.redirect.uris", at("/*").toString())));
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
    changeClient(clientAsFound);
    Await.value(vertx.close());
  }

  private JsonObject client() {
    String found = admin.call("GET", REALM + "/clients?clientId=" + CLIENT, "", Set.of(200));
    return new JsonArray(found).getJsonObject(0);
  }

  private Path configuration(Path directory) throws IOException {
    HttpServer app =
        Await.value(vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    String upstream =
        "upstreams:\n  app:\n    url: http://127.0.0.1:%d\n".formatted(app.actualPort());
    String routes =
        """

          - name: app
            path: /app
            methods: [GET]
            upstream: app
            access: public

          - name: app-events
            path: /app/events
            methods: [GET]
            upstream: app
            roles: [user]
        """;
    String text = Files.readString(Path.of("conf/portcullis.yaml"));
    if (!text.contains("upstreams: {}\n")) {
      throw new AssertionError("conf/portcullis.yaml has changed");
    }
    Path file = directory.resolve("portcullis.yaml");
    return Files.writeString(file, text.replace("upstreams: {}\n", upstream) + routes);
  }

  private void serve(HttpServerRequest request) {
    var response = request.response();
    if (request.path().equals("/app/events")) {
      response.putHeader("Content-Type", "text/event-stream").setChunked(true);
      response.write("data: begun\n\n");
    } else {
      response
          .putHeader("Content-Type", "text/html; charset=utf-8")
          .end("<!DOCTYPE html><html lang=en><title>App</title><h1 id=app>The app</h1></html>");
    }
  }
}
