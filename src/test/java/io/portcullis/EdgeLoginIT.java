package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.LocalSystem;
import io.portcullis.local.TestSystem;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.PlainBrowser;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Logins the way they go in production: by https through Nginx and its firewall, the gateway behind
 * it taking nobody but Nginx; and Keycloak, which tells of logouts, on the outside like everybody.
 */
final class EdgeLoginIT {
  private static EdgeNode front;
  private static URI address;

  @BeforeAll
  static void start() {
    LocalSystem system = TestSystem.shared();
    int https = FreePort.any();
    address = URI.create("https://localhost:" + https);
    front =
        EdgeNode.start(
            "edge-login",
            TestSystem.scratch("edge-login"),
            EdgeSystem.certificates(system.directory()),
            edge -> edge.withPorts(https, 0),
            "HTTP_PUBLIC_URL",
            address.toString());
    LoginNode.point(system, address);
    PlainBrowser first = new PlainBrowser(front.tls());
    Await.until(
        "the way through is open", () -> first.get(at("/openapi.json")).statusCode() == 200);
  }

  @AfterAll
  static void stop() {
    front.close();
  }

  @Test
  void login_throughNginx_worksUntilKeycloakEndsIt() {
    PlainBrowser browser = loggedIn();
    JsonObject session = new JsonObject(browser.get(at("/auth/session")).body());
    assertEquals("globex", session.getString("tenant"));
    HttpResponse<String> created =
        browser.post(
            at("/api/v1/conversations"),
            new JsonObject().put("title", "Through the edge"),
            "origin",
            address.toString(),
            "sec-fetch-site",
            "same-origin",
            "x-pc-csrf",
            "1");
    assertEquals(201, created.statusCode(), created.body());

    var admin = front.node.system.admin();
    String user = admin.userId("portcullis", "bob");
    admin.call("POST", "portcullis/users/" + user + "/logout", "", Set.of(204));
    Await.until(
        "Keycloak's word comes through",
        () -> browser.get(at("/auth/session")).statusCode() == 401);
  }

  @Test
  void logout_byAForm_passesTheFirewall() {
    PlainBrowser browser = loggedIn();
    HttpResponse<String> out =
        browser.post(
            at("/auth/logout"),
            Map.of(),
            "origin",
            address.toString(),
            "sec-fetch-site",
            "same-origin");
    assertEquals(303, out.statusCode(), out.body());
    HttpResponse<String> gone = browser.get(PlainBrowser.location(out).orElseThrow());
    assertEquals(at("/"), PlainBrowser.location(gone).orElseThrow());
    assertEquals(401, browser.get(at("/auth/session")).statusCode());
  }

  private static PlainBrowser loggedIn() {
    PlainBrowser browser = new PlainBrowser(front.tls());
    HttpResponse<String> begun = browser.get(at("/auth/login?tenant=globex&return_to=/app"));
    assertEquals(303, begun.statusCode(), begun.body());
    URI back = browser.authenticate(PlainBrowser.location(begun).orElseThrow(), "bob");
    HttpResponse<String> hop = browser.get(back);
    assertEquals(200, hop.statusCode(), hop.body());
    assertTrue(hop.body().contains("url=/app"));
    return browser;
  }

  private static URI at(String path) {
    return address.resolve(path);
  }
}
