package io.portcullis;

import io.portcullis.local.DemoData;
import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.DelayProxy;
import io.portcullis.testing.PlainBrowser;
import io.portcullis.testing.TestIssuer;
import io.portcullis.testing.TestKey;
import io.portcullis.testing.TestToken;
import io.portcullis.testing.TokenEndpoint;
import io.portcullis.testing.TokenEndpoint.Answer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node whose people log in at an issuer that a test plays, with its own keys. */
final class FakeLogin implements AutoCloseable {
  static final String CLIENT = "portcullis-gateway";
  static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

  final TestKey key = TestKey.of("fake-1", "ES256");
  final TestIssuer issuer;
  final TokenEndpoint endpoint;
  final LoginNode node;

  /** Between the node and the Redis that keeps sessions. */
  final DelayProxy state;

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer events;
  private final String organization;

  FakeLogin(String name) {
    issuer = new TestIssuer(vertx);
    issuer.publish(key);
    endpoint = new TokenEndpoint(vertx);
    events =
        Await.value(
            vertx.createHttpServer().requestHandler(FakeLogin::stream).listen(0, "127.0.0.1"));
    LocalSystem system = TestSystem.shared();
    organization = DemoData.join(system.admin()).getOrDefault("acme", "");
    state = DelayProxy.start(Duration.ZERO, system.ports().redis());
    node = start(name);
  }

  /** One more node of the same cluster. */
  LoginNode another(String name) {
    return start(name);
  }

  private LoginNode start(String name) {
    return LoginNode.start(
        configuration(name),
        name,
        "IDENTITY_ISSUERS_KEYCLOAK_ISSUER",
        issuer.issuer(),
        "IDENTITY_ISSUERS_KEYCLOAK_JWKS",
        issuer.jwks().toString(),
        "LOGIN_TOKEN_ENDPOINT",
        endpoint.address().toString(),
        "LOGIN_REVOCATION_ENDPOINT",
        "",
        "STATE_PORT",
        "" + state.port(),
        "IDENTITY_LEEWAY",
        "30s",
        "LOGIN_DEADLINE",
        "5s");
  }

  /** The usual configuration, a route that asks for a second factor, and a stream without end. */
  private Path configuration(String name) {
    String strong =
        """

          - name: strong
            path: /api/v1/strong
            methods: [GET]
            local: me
            level: 2

          - name: events
            path: /up/events
            methods: [GET]
            upstream: up
            access: caller
        """;
    String upstream = "upstreams:\n  up:\n    url: http://127.0.0.1:" + events.actualPort() + "\n";
    try {
      String usual =
          Files.readString(Path.of("conf/portcullis.yaml")).replace("upstreams: {}\n", upstream);
      Path file = TestSystem.scratch(name).resolve("portcullis.yaml");
      return Files.writeString(file, usual + strong);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stream(HttpServerRequest request) {
    var unused =
        request
            .response()
            .setChunked(true)
            .putHeader("content-type", "text/event-stream")
            .putHeader("cache-control", "public, max-age=60")
            .write("data: 0\n\n");
  }

  /** What the token endpoint gives for a code; a test changes what it likes. */
  static final class Grant {
    final TestToken id;
    final TestToken access;
    final JsonObject answer;

    Grant(TestToken id, TestToken access) {
      this.id = id;
      this.access = access;
      this.answer =
          new JsonObject()
              .put("token_type", "Bearer")
              .put("expires_in", 300)
              .put("refresh_token", "refresh")
              .put("refresh_expires_in", 1800);
    }

    JsonObject json() {
      JsonObject whole = answer.copy();
      if (!whole.containsKey("id_token")) {
        whole.put("id_token", id.signed());
      }
      return whole.put("access_token", access.signed());
    }
  }

  /** Begins a login; gives the address that the issuer would send the browser back to. */
  URI back(PlainBrowser browser, String subject, String session, Consumer<Grant> change) {
    return back(browser, "?tenant=acme", subject, session, change);
  }

  /** The same for a login that asks for something. */
  URI back(
      PlainBrowser browser, String query, String subject, String session, Consumer<Grant> change) {
    String asked = node.begin(browser, query).toString();
    Grant grant =
        new Grant(id(subject, session, parameter(asked, "nonce")), access(subject, session));
    change.accept(grant);
    endpoint.answer(form -> Answer.json(200, grant.json()));
    return node.at(
        "/auth/callback?code=the-code&state="
            + parameter(asked, "state")
            + "&iss="
            + java.net.URLEncoder.encode(issuer.issuer(), java.nio.charset.StandardCharsets.UTF_8));
  }

  /** A session of that subject in that session of the issuer; gives its cookie. */
  String login(String subject, String session) {
    PlainBrowser browser = new PlainBrowser();
    HttpResponse<String> answer = browser.get(back(browser, subject, session, grant -> {}));
    if (answer.statusCode() != 200) {
      throw new AssertionError(answer.body());
    }
    return node.session(browser);
  }

  /** As an operator, on the management listener. */
  HttpResponse<String> administer(String method, String path, @Nullable JsonObject body) {
    TestToken token =
        access("operator-1", "s-operator")
            .claim("realm_access", new JsonObject().put("roles", new JsonArray().add("operator")));
    URI address = URI.create("http://127.0.0.1:" + node.node.node.managementPort()).resolve(path);
    return new PlainBrowser()
        .send(method, address, body, "authorization", "Bearer " + token.signed());
  }

  /** A logout token that holds. */
  TestToken logout(String id) {
    return issuer
        .token(key, Instant.now())
        .header("typ", "logout+jwt")
        .claim("typ", "Logout")
        .claim("aud", CLIENT)
        .claim("jti", id)
        .without("azp")
        .without("sub")
        .without("sid")
        .claim("events", new JsonObject().put(EVENT, new JsonObject()));
  }

  private TestToken id(String subject, String session, String nonce) {
    return issuer
        .token(key, Instant.now())
        .claim("typ", "ID")
        .claim("aud", CLIENT)
        .claim("azp", CLIENT)
        .claim("sub", subject)
        .claim("sid", session)
        .claim("nonce", nonce)
        .claim("auth_time", Instant.now().getEpochSecond())
        .claim("acr", "1");
  }

  private TestToken access(String subject, String session) {
    return issuer
        .token(key, Instant.now())
        .claim("azp", CLIENT)
        .claim("jti", "access-" + subject + session + System.nanoTime())
        .claim("sub", subject)
        .claim("sid", session)
        .claim("acr", "1")
        .claim("organization", new JsonObject())
        .organization("acme", organization);
  }

  private static String parameter(String address, String name) {
    return address.replaceFirst(".*[?&]" + name + "=([^&]*).*", "$1");
  }

  @Override
  public void close() {
    node.close();
    endpoint.close();
    issuer.close();
    state.close();
    io.portcullis.testing.Await.value(vertx.close());
  }
}
