package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.testing.RawHttp;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where nobody can log in, nothing of a login is there, whatever the routes say. */
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
class LoginOffTest {
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = GatewayFixture.start(request -> request.response().end());
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void operationsOfLogins_withoutAnyConfigured_areNotThere() throws IOException {
    assertNotThere(gateway.get("/auth/login"));
    assertNotThere(gateway.get("/auth/login?return_to=//evil.test"));
    assertNotThere(
        gateway.get("/auth/callback?code=a&state=b", "Cookie: __Host-Http-pc-login=k1.a"));
    assertNotThere(gateway.post("/auth/logout", ""));
    assertNotThere(gateway.post("/auth/backchannel-logout", "logout_token=a"));
  }

  @Test
  void headOfALogin_isNoMethod() throws IOException {
    try (RawHttp connection = gateway.open()) {
      connection.send("HEAD /auth/callback HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals(405, connection.readHead().status());
    }
  }

  private static void assertNotThere(RawHttp.Answer answer) {
    assertEquals(404, answer.status());
    assertEquals(List.of(), answer.headers("set-cookie"));
  }
}
