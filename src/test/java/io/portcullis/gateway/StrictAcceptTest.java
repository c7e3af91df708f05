package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What strictness must not break, and how long it waits. */
final class StrictAcceptTest {
  private static final String GET = "GET /up/x HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String CHUNKED =
      "POST /up/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final List<Map<String, String>> heard = new CopyOnWriteArrayList<>();
  private GatewayFixture fixture;

  @BeforeEach
  void start() {
    fixture = GatewayFixture.start(this::upstream, 1000, 1000, 1);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @Test
  void listener_unusualButPlainRequests_areServed() throws IOException {
    for (String request :
        List.of(
            "\r\n" + GET,
            "GET /up/x HTTP/1.0\r\n\r\n",
            "GET /up/x?a=b|{c}^`\\\" HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /up/x HTTP/1.1\r\nhOsT:a.b-c_d.example:65535 \t\r\n\r\n",
            "GET /up/x HTTP/1.1\r\nHost: [::ffff:1.2.3.4]:80\r\nX-Empty:\r\n\r\n",
            "GET /up/x HTTP/1.1\r\nHost: a\r\nX-A: caf\u00e9\tb\r\n\r\n",
            "GET /up/x HTTP/1.1\r\nHost: a\r\n" + "X-A: b\r\n".repeat(99) + "\r\n",
            "POST /up/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
            "POST /up/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\tChunked \r\n\r\n0\r\n\r\n")) {
      assertEquals(200, fixture.raw(request).status(), request);
    }
  }

  @Test
  void listener_everyByteOnItsOwn_isTheSameRequest() throws Exception {
    try (RawHttp connection = fixture.open()) {
      String request = CHUNKED + "5\r\nhello\r\n00B\r\n, my world!\r\n0\r\nX-T: 1\r\n\r\n";
      for (int i = 0; i < request.length(); i++) {
        connection.send(request.substring(i, i + 1));
      }
      assertEquals("hello, my world!", connection.read().body());
      connection.send(GET);
      assertEquals(200, connection.read().status(), "the connection is where it was");
    }
  }

  @Test
  void listener_pipelinedRequests_areAnsweredInOrderUpToTheBadOne() throws IOException {
    try (RawHttp connection = fixture.open()) {
      String post = "POST /up/x HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n";
      connection.send(
          post + "one" + post + "two" + "GET /up/x HTTP/1.1\r\n\r\n" + (post + "six").repeat(50));
      assertEquals("one", connection.read().body());
      assertEquals("two", connection.read().body());
      assertEquals(400, connection.read().status());
      assertEquals("", connection.rest());
    }
    assertEquals(2, heard.size(), "nothing behind the bad one");
  }

  @Test
  void listener_trailersWithCredentials_areNotMerged() throws IOException {
    RawHttp.Answer answer =
        fixture.raw(CHUNKED + "2\r\nhi\r\n0\r\nAuthorization: Bearer x\r\nX-Custom: y\r\n\r\n");
    assertEquals("hi", answer.body());
    assertFalse(heard.getFirst().containsKey("authorization"));
    assertFalse(heard.getFirst().containsKey("x-custom"));
  }

  @Test
  void listener_upgradeToHttp2_staysHttp1() throws IOException {
    RawHttp.Answer answer =
        fixture.get(
            "/up/x",
            "Connection: Upgrade, HTTP2-Settings",
            "Upgrade: h2c",
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA");
    assertEquals(200, answer.status());
    assertFalse(heard.getFirst().containsKey("upgrade"));
    assertFalse(heard.getFirst().containsKey("http2-settings"));
    assertEquals(200, fixture.get("/up/x", "Upgrade: websocket").status());
  }

  @Test
  void listener_closeAmongOtherOptions_ends() throws IOException {
    for (String head :
        List.of(
            "GET /up/x HTTP/1.1\r\nHost: a\r\nConnection: x-a, Close\r\n\r\n",
            "GET /up/x HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n")) {
      try (RawHttp connection = fixture.open()) {
        connection.send(head + GET);
        assertEquals(200, connection.read().status());
        assertEquals("", connection.rest(), head);
      }
    }
    assertEquals(2, heard.size());
  }

  @Test
  void listener_traceMethod_isRefused() throws IOException {
    RawHttp.Answer answer = fixture.raw("TRACE /up/x HTTP/1.1\r\nHost: a\r\n\r\n");
    assertEquals(405, answer.status());
    assertTrue(heard.isEmpty());
  }

  @Test
  void forward_endToEndHeadersNamedByConnection_stay() throws IOException {
    RawHttp.Answer answer =
        fixture.raw(
            "POST /up/x HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n"
                + "Content-Encoding: identity\r\nX-Hop: 1\r\nX-Forwarded-For: 9.9.9.9\r\n"
                + "Connection: close, Host, X-Request-Id, Authorization, Content-Length\r\n"
                + "Connection: content-type, Content-Encoding, traceparent, X-Forwarded-For, X-Hop"
                + "\r\n\r\nhi");
    assertEquals("hi", answer.body());
    Map<String, String> seen = heard.getFirst();
    assertEquals("2", seen.get("content-length"));
    assertEquals("text/plain", seen.get("content-type"));
    assertEquals("identity", seen.get("content-encoding"));
    assertEquals("127.0.0.1", seen.get("x-forwarded-for"));
    assertEquals(answer.header("x-request-id"), seen.get("x-request-id"));
    assertTrue(seen.containsKey("traceparent") && seen.containsKey("host"));
    assertFalse(seen.containsKey("x-hop") || seen.containsKey("authorization"));
  }

  @Test
  void listener_chunkThatIsMalformedLater_is400AndTheEnd() throws IOException {
    try (RawHttp connection = fixture.open()) {
      connection.send(CHUNKED + "5\r\nhello\r\n");
      Await.until("the upstream hears of it", () -> !heard.isEmpty());
      connection.send("zz\r\nsmuggled");
      RawHttp.Answer answer = connection.read();
      assertEquals(400, answer.status());
      assertEquals("close", answer.header("connection"));
      assertEquals("", connection.rest());
    }
    assertEquals(1, fixture.malformed("chunk-size"));
    assertEquals(200, fixture.raw(GET).status());
  }

  @Test
  void listener_bodyThatComesTooLate_is400NotTheUpstreamsFault() throws IOException {
    try (GatewayFixture hasty = GatewayFixture.hasty(this::upstream)) {
      try (RawHttp connection = hasty.open()) {
        connection.send("POST /up/x HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nslow");
        RawHttp.Answer answer = connection.read();
        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().contains("did not arrive in time"), answer.body());
      }
      assertEquals(200, hasty.raw(GET).status(), "the upstream connection was not kept for it");
    }
  }

  @Test
  void listener_laterHeadThatNeverEnds_isClosedInTime() throws IOException {
    try (GatewayFixture hasty = GatewayFixture.hasty(this::upstream)) {
      try (RawHttp connection = hasty.open()) {
        connection.send(GET);
        assertEquals(200, connection.read().status());
        connection.send("GET /up/x HTTP/1.1\r\nHost: a\r\nX-Slow: ");
        long begin = System.nanoTime();
        assertThrows(IOException.class, connection::read);
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
        assertTrue(millis >= 400 && millis < 10_000, "closed after " + millis + " ms");
      }
    }
  }

  @Test
  void listener_idleBetweenRequests_isNotTakenForAHalfHead() throws IOException {
    try (GatewayFixture hasty = GatewayFixture.hasty(this::upstream)) {
      try (RawHttp connection = hasty.open()) {
        String half = GET.substring(0, 20);
        connection.send(half);
        connection.send(GET.substring(20));
        assertEquals(200, connection.read().status());
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1200);
        Await.until("longer than the header timeout", () -> System.nanoTime() > end);
        connection.send(GET);
        assertEquals(200, connection.read().status());
      }
    }
  }

  @Test
  void listener_unwantedBodyThatNeverEnds_isClosedInTime() throws IOException {
    try (GatewayFixture hasty = GatewayFixture.hasty(this::upstream)) {
      try (RawHttp connection = hasty.open()) {
        connection.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\nx");
        assertEquals(404, connection.read().status());
        assertEquals("", connection.rest(), "the end comes without another byte");
      }
    }
  }

  @Test
  void forward_callerLeavesTheQueue_isNeverSentAndItsPlaceComesBack() throws IOException {
    try (RawHttp holder = fixture.open()) {
      holder.send("GET /up/silent HTTP/1.1\r\nHost: a\r\n\r\n");
      Await.until("the only connection is taken", () -> heard.size() == 1);
      try (RawHttp leaver = fixture.open()) {
        leaver.send("GET /up/left HTTP/1.1\r\nHost: a\r\n\r\n");
        fixture.awaitInFlight(2);
        assertEquals(503, fixture.raw(GET).status(), "the only place in the queue is taken");
      }
      fixture.awaitInFlight(1);
    }
    Await.until("place and connection come back", () -> status(GET) == 200);
    assertTrue(heard.stream().noneMatch(request -> "/up/left".equals(request.get(":path"))));
  }

  @Test
  void install_connectionOfAnotherKind_isClosed() {
    AtomicBoolean closed = new AtomicBoolean();
    HttpConnection other =
        (HttpConnection)
            Proxy.newProxyInstance(
                HttpConnection.class.getClassLoader(),
                new Class<?>[] {HttpConnection.class},
                (self, method, arguments) -> {
                  closed.compareAndSet(false, method.getName().equals("close"));
                  return null;
                });
    new StrictHttp(new HttpServerOptions(), refused -> {}).install(other, partial -> {});
    assertTrue(closed.get(), "what cannot be made strict is not served");
  }

  private int status(String request) {
    try {
      return fixture.raw(request).status();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void upstream(HttpServerRequest request) {
    Map<String, String> headers = new TreeMap<>();
    request.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    headers.put(":path", request.path());
    heard.add(headers);
    if (!request.path().equals("/up/silent")) {
      request.body().onSuccess(request.response()::end);
    }
  }
}
