package io.portcullis;

import io.portcullis.local.KeycloakAdmin;
import io.portcullis.local.LocalSystem;
import io.portcullis.testing.FreePort;
import io.portcullis.testing.PlainBrowser;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A node with a fixed address, because those who log in come back to it. */
final class LoginNode implements AutoCloseable {
  static final String SESSION = "__Host-Http-pc";
  static final String ATTEMPT = "__Host-Http-pc-login";

  final TestNode node;
  final URI address;

  private LoginNode(TestNode node, URI address) {
    this.node = node;
    this.address = address;
  }

  /** Starts one; settings are pairs of a variable's name and value. */
  static LoginNode start(String name, String... settings) {
    return start(Path.of("conf/portcullis.yaml"), name, settings);
  }

  /** The same from another configuration file. */
  static LoginNode start(Path file, String name, String... settings) {
    int port = FreePort.any();
    URI address = URI.create("http://127.0.0.1:" + port);
    List<String> all = new ArrayList<>(List.of(settings));
    all.addAll(List.of("HTTP_PORT", "" + port, "HTTP_PUBLIC_URL", address.toString()));
    return new LoginNode(TestNode.start(file, name, all.toArray(String[]::new)), address);
  }

  /** Keycloak sends browsers, and word of logouts, to this node from now on. */
  LoginNode known() {
    point(node.system, address);
    return this;
  }

  /** The same for whatever stands at that address. */
  static void point(LocalSystem system, URI address) {
    KeycloakAdmin admin = system.admin();
    String clients = "portcullis/clients";
    String found = admin.call("GET", clients + "?clientId=portcullis-gateway", "", Set.of(200));
    JsonObject client = new JsonArray(found).getJsonObject(0);
    client.put("redirectUris", new JsonArray().add(address + "/auth/callback"));
    client
        .getJsonObject("attributes")
        .put("backchannel.logout.url", address + "/auth/backchannel-logout")
        .put("post.logout.redirect.uris", address + "/");
    admin.call("PUT", clients + "/" + client.getString("id"), client.encode(), Set.of(204));
  }

  URI at(String path) {
    return address.resolve(path);
  }

  /** Begins a login; gives where the browser was sent. */
  URI begin(PlainBrowser browser, String query) {
    HttpResponse<String> answer = browser.get(at("/auth/login" + query));
    if (answer.statusCode() != 303) {
      throw new AssertionError("no login begins: " + answer.statusCode() + " " + answer.body());
    }
    return PlainBrowser.location(answer).orElseThrow();
  }

  /** A whole login. */
  HttpResponse<String> login(PlainBrowser browser, String query, String person) {
    return browser.get(browser.authenticate(begin(browser, query), person));
  }

  /** A browser in which that person is logged in. */
  PlainBrowser loggedIn(String query, String person) {
    PlainBrowser browser = new PlainBrowser();
    HttpResponse<String> answer = login(browser, query, person);
    if (answer.statusCode() != 200) {
      throw new AssertionError(person + " is not let in: " + answer.body());
    }
    return browser;
  }

  /** The session cookie's value; empty when there is none. */
  String session(PlainBrowser browser) {
    return browser.cookies(address).getOrDefault(SESSION, "");
  }

  /** What the session cookie of that value is worth, by the status of an answer. */
  int worth(String cookie) {
    PlainBrowser other = new PlainBrowser();
    other.cookies(address).put(SESSION, cookie);
    return other.get(at("/auth/session")).statusCode();
  }

  /** The headers by which a script of our own page proves that it is one. */
  String[] script() {
    return new String[] {
      "origin", address.toString(), "sec-fetch-site", "same-origin", "x-pc-csrf", "1"
    };
  }

  @Override
  public void close() {
    node.close();
  }
}
