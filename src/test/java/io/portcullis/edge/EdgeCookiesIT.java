package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What Nginx does with logins: it lets their cookies pass, stores nothing, and counts them apart.
 */
@Timeout(120)
final class EdgeCookiesIT {
  private static final String SESSION =
      "__Host-Http-pc=k1.AbC-_; Path=/; Secure; HttpOnly; SameSite=Strict";
  private static final String LOGIN =
      "__Host-Http-pc-login=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax";

  private final EdgeSystem edge = EdgeSystem.shared();
  private final EdgeClient client = edge.client();

  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  @Test
  void cookies_passUnchangedBothWays() {
    edge.gateway()
        .answer(
            request -> {
              request.response().headers().add("Set-Cookie", SESSION).add("Set-Cookie", LOGIN);
              request
                  .response()
                  .putHeader("X-Cookie", request.headers().getAll("cookie").toString())
                  .putHeader("Cache-Control", "no-store")
                  .end("<html>");
            });
    String cookie = "__Host-Http-pc-login=k1.aB-_; theme=dark";
    HttpResponse<String> answer = client.get("/auth/callback?code=a.b.c&state=x", "Cookie", cookie);
    assertEquals(200, answer.statusCode(), answer.body());
    assertEquals(List.of(SESSION, LOGIN), answer.headers().allValues("set-cookie"));
    assertEquals("[" + cookie + "]", answer.headers().firstValue("x-cookie").orElseThrow());
    assertEquals(List.of("no-store"), answer.headers().allValues("cache-control"));
  }

  @Test
  void answers_areStoredNowhere() {
    edge.gateway()
        .answer(
            request -> request.response().putHeader("Cache-Control", "public, max-age=60").end());
    for (String path : List.of("/auth/session", "/auth/login", "/auth/callback?code=x&state=y")) {
      assertEquals(200, client.get(path).statusCode());
      assertEquals(200, client.get(path).statusCode());
      assertEquals(2, Collections.frequency(edge.gateway().seen(), "GET " + path));
    }
  }

  @Test
  void cookie_ofTheLargestSize_passesAndALargerOneIsRefused() {
    String large = "__Host-Http-pc=k1.x; other=" + "a".repeat(7_000);
    JsonObject told = new JsonObject(client.get("/auth/session", "Cookie", large).body());
    assertTrue(told.encode().contains(large), "7 KB of cookies");
    EdgeClient plain = EdgeClient.http1(edge.edge().httpsPort(), edge.context());
    String tooLarge = "other=" + "a".repeat(13_000);
    assertEquals(431, plain.get("/auth/session", "Cookie", tooLarge).statusCode());
  }

  @Test
  void logins_beyondTheirLimit_are429AndNothingElseIs() throws IOException {
    // From an address of its own: the others in this JVM share theirs.
    try (RawHttp raw = from("127.0.0.3")) {
      int admitted = 0;
      RawHttp.Answer answer = ask(raw, "/auth/login?return_to=%2F");
      while (answer.status() == 200 && admitted < 400) {
        admitted++;
        answer = ask(raw, "/auth/login?return_to=%2F");
      }
      assertEquals(429, answer.status());
      assertTrue(answer.body().contains("problems/quota-exceeded"), answer.body());
      assertTrue(admitted > 100, "refused after " + admitted);
      assertEquals(200, ask(raw, "/auth/session").status());
      assertEquals(200, ask(raw, "/api/v1/me").status());
    }
  }

  private static RawHttp.Answer ask(RawHttp raw, String target) throws IOException {
    raw.send(
        "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n\r\n");
    return raw.read();
  }

  private RawHttp from(String address) throws IOException {
    return new RawHttp(
        edge.context()
            .getSocketFactory()
            .createSocket("localhost", edge.edge().httpsPort(), InetAddress.ofLiteral(address), 0));
  }
}
