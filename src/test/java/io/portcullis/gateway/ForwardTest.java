package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.RawHttp;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Forwarding to an upstream on the loopback that behaves and misbehaves. */
final class ForwardTest {
  private final List<Map<String, String>> received = new CopyOnWriteArrayList<>();
  private GatewayFixture fixture;

  @BeforeEach
  void start() {
    fixture = GatewayFixture.start(this::upstream);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void forward_smallAnswer_arrivesWholeWithOurHeaders() throws Exception {
    RawHttp.Answer answer = fixture.get("/up/constant?a=1", "X-Custom: yes");
    assertEquals(200, answer.status());
    assertEquals("constant /up/constant?a=1", answer.body());
    assertEquals(1, answer.headers("x-request-id").size());
    assertEquals("nosniff", answer.header("x-content-type-options"));
    Map<String, String> seen = received.getFirst();
    assertEquals("yes", seen.get("x-custom"));
    assertEquals(answer.header("x-request-id"), seen.get("x-request-id"));
    assertTrue(String.valueOf(seen.get("traceparent")).startsWith("00-"));
  }

  @Test
  void forward_credentialsAndClaimedIdentity_areDropped() throws Exception {
    fixture.get(
        "/up/constant",
        "Authorization: Bearer secret",
        "Cookie: a=b",
        "X-Portcullis-Tenant: acme",
        "X-Portcullis-Roles: operator",
        "X_Portcullis_Roles: operator",
        "X.Portcullis.Roles: operator",
        "X-Portcullis+Roles: operator",
        "X-Forwarded-Host: evil",
        "X-Original-URL: /other",
        "Connection: keep-alive, X-Hop",
        "X-Hop: 1",
        "TE: trailers");
    Map<String, String> seen = received.getFirst();
    for (String name :
        List.of(
            "authorization",
            "cookie",
            "x-portcullis-tenant",
            "x-portcullis-roles",
            "x-hop",
            "te")) {
      assertFalse(seen.containsKey(name), name + " must not travel");
    }
  }

  @Test
  void forward_largeAnswer_isStreamed() throws Exception {
    RawHttp.Answer answer = fixture.get("/up/large");
    assertEquals(200, answer.status());
    assertEquals(3_000_000, answer.body().length());
  }

  @Test
  void forward_body_passesUpToItsLimit() throws Exception {
    RawHttp.Answer answer = fixture.post("/up/echo", "x".repeat(1000));
    assertEquals("x".repeat(1000), answer.body());
  }

  @Test
  void forward_announcedBodyOverTheLimit_isRefusedUnread() throws Exception {
    RawHttp.Answer answer =
        fixture.raw("POST /up/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50000000\r\n\r\n");
    assertEquals(413, answer.status());
    assertEquals("close", answer.header("connection"));
    assertTrue(received.isEmpty(), "the upstream must not hear of it");
  }

  @Test
  void forward_chunkedBodyOverTheLimit_isBrokenOff() throws Exception {
    StringBuilder request =
        new StringBuilder(
            "POST /up/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 8; i++) {
      request.append("1000\r\n").append("y".repeat(4096)).append("\r\n");
    }
    RawHttp.Answer answer = fixture.raw(request.append("0\r\n\r\n").toString());
    assertEquals(413, answer.status(), answer.body());
    assertTrue(answer.body().contains("payload-too-large"));
  }

  @Test
  void forward_upstreamAway_is502() throws Exception {
    RawHttp.Answer answer = fixture.get("/away/x");
    assertEquals(502, answer.status());
    assertTrue(answer.body().contains("upstream-failed"), answer.body());
    assertFalse(answer.body().contains("127.0.0.1"), "nothing internal shows");
  }

  @Test
  void forward_upstreamSilent_is504ByTheDeadline() throws Exception {
    try (GatewayFixture hasty = GatewayFixture.hasty(this::upstream)) {
      long begin = System.nanoTime();
      RawHttp.Answer answer = hasty.get("/up/silent");
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
      assertEquals(504, answer.status(), answer.body());
      assertTrue(millis < 5_000, "answered after " + millis + " ms");
    }
  }

  @Test
  void forward_upstreamBreaksOffBeforeTheHead_is502() throws Exception {
    assertEquals(502, fixture.get("/up/slam").status());
  }

  @Test
  void forward_upstreamBreaksOffWithinTheBody_looksBrokenToTheCaller() throws Exception {
    RawHttp.Answer answer = fixture.get("/up/torn");
    assertEquals(200, answer.status());
    assertFalse(answer.complete(), "a torn answer must not look whole");
  }

  @Test
  void forward_answerOfTheUpstream_losesWhatIsNotItsToSay() throws Exception {
    RawHttp.Answer answer = fixture.get("/up/headers");
    assertEquals(1, answer.headers("x-request-id").size());
    assertTrue(answer.headers("server").isEmpty());
    assertTrue(answer.headers("ratelimit").isEmpty());
    assertTrue(answer.headers("set-cookie").isEmpty());
    assertEquals("kept", answer.header("x-own"));
  }

  @Test
  void accept_moreInFlightThanAllowed_isShedWith503() throws Exception {
    try (RawHttp first = fixture.open();
        RawHttp second = fixture.open()) {
      first.send("GET /up/silent HTTP/1.1\r\nHost: a\r\n\r\n");
      second.send("GET /up/silent HTTP/1.1\r\nHost: a\r\n\r\n");
      fixture.awaitInFlight(2);
      RawHttp.Answer answer = fixture.get("/up/constant");
      assertEquals(503, answer.status());
      assertEquals("1", answer.header("retry-after"));
      assertTrue(answer.body().contains("overloaded"));
    }
    fixture.awaitInFlight(0);
    assertEquals(
        200, fixture.get("/up/constant").status(), "given back when the callers have gone");
  }

  @Test
  void accept_notHttp_is400AndTheConnectionEnds() throws Exception {
    RawHttp.Answer answer = fixture.raw("NONSENSE\r\n\r\n");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("invalid-request"), answer.body());
  }

  @Test
  void forward_answerBeforeTheBody_neverMixesTwoRequests() throws Exception {
    try (RawHttp connection = fixture.open()) {
      connection.send(
          "POST /up/constant HTTP/1.1\r\nHost: a\r\nContent-Length: 40\r\n\r\n0123456789");
      assertEquals(200, connection.read().status());
      connection.send("GET /up/smuggled HTTP/1.1\r\n\r\n ");
      connection.send("GET /up/constant?second HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals("constant /up/constant?second", connection.read().body());
    }
    assertEquals("constant /up/constant?third", fixture.get("/up/constant?third").body());
    assertEquals(3, received.size(), "no request but those of the callers");
  }

  @Test
  void answer_whileABodyIsUnread_leavesTheConnectionUsable() throws Exception {
    try (RawHttp connection = fixture.open()) {
      connection.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
      assertEquals(404, connection.read().status());
      connection.send("GET /up/constant HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals(200, connection.read().status(), "the next request is read");
    }
  }

  @Test
  void accept_headThatNeverEnds_isClosed() throws Exception {
    try (GatewayFixture hasty = GatewayFixture.hasty(this::upstream)) {
      try (RawHttp slow = hasty.open()) {
        slow.send("GET /up/constant HTTP/1.1\r\nHost: a\r\nX-Slow: ");
        assertThrows(java.io.IOException.class, slow::read, "the connection is not kept for it");
      }
    }
  }

  @Test
  void accept_moreConnectionsThanAllowed_areClosed() throws Exception {
    List<RawHttp> open = new java.util.ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        RawHttp connection = fixture.open();
        open.add(connection);
        connection.send("GET /up/constant HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, connection.read().status());
      }
      RawHttp over = fixture.open();
      open.add(over);
      over.send("GET /up/constant HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThrows(java.io.IOException.class, over::read);
    } finally {
      for (RawHttp connection : open) {
        connection.close();
      }
    }
  }

  private void upstream(HttpServerRequest request) {
    Map<String, String> headers = new java.util.TreeMap<>();
    request
        .headers()
        .forEach((name, value) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), value));
    received.add(headers);
    switch (request.path()) {
      case "/up/constant" -> request.response().end("constant " + request.uri());
      case "/up/large" -> {
        request.response().setChunked(true);
        for (int i = 0; i < 30; i++) {
          request.response().write("z".repeat(100_000));
        }
        request.response().end();
      }
      case "/up/echo" -> request.body().onSuccess(request.response()::end);
      case "/up/slam" -> request.connection().close();
      case "/up/torn" -> {
        request.response().putHeader("content-length", "100000").write(Buffer.buffer("part"));
        request.response().exceptionHandler(ignored -> {});
        fixture.vertx().setTimer(50, tick -> request.connection().close());
      }
      case "/up/headers" ->
          request
              .response()
              .putHeader("server", "secret/1.0")
              .putHeader("x-request-id", "forged")
              .putHeader("ratelimit", "\"a\";r=1")
              .putHeader("set-cookie", "a=b")
              .putHeader("x-own", "kept")
              .end("ok");
      default -> {
        // silent
      }
    }
  }
}
