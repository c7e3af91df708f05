package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeClient;
import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams pass at once; public documents are compressed and kept. */
@Timeout(120)
final class EdgeStreamIT {
  private static final String MESSAGES = "/api/v1/conversations/1/messages";

  private final EdgeSystem edge = EdgeSystem.shared();
  private final EdgeClient client = edge.client();

  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  @Test
  void events_passOneByOneAsTheyAreWritten() throws Exception {
    for (String hint : List.of("", "no")) { // by the route, and by the upstream's own word
      List<Long> delays = new ArrayList<>();
      for (int round = 0; round < 20; round++) {
        delays.addAll(eventDelays(hint.isEmpty() ? MESSAGES : "/api/v1/elsewhere", hint));
      }
      Collections.sort(delays);
      Duration median = Duration.ofNanos(delays.get(delays.size() / 2));
      assertTrue(median.toMillis() < 20, "the median event took " + median);
    }
  }

  /** Writes the next event only when the one before has arrived, so a buffer would block it. */
  private List<Long> eventDelays(String path, String hint) throws Exception {
    BlockingQueue<HttpServerResponse> open = new LinkedBlockingQueue<>();
    BlockingQueue<Context> loops = new LinkedBlockingQueue<>();
    edge.gateway()
        .answer(
            request -> {
              HttpServerResponse response = request.response().setChunked(true);
              if (!path.equals(request.path())) {
                response.end(); // a cached document that is fetched anew behind the scenes
                return;
              }
              response.putHeader("content-type", "text/event-stream");
              if (!hint.isEmpty()) {
                response.putHeader("x-accel-buffering", hint);
              }
              loops.add(Vertx.currentContext());
              open.add(response);
            });
    List<Long> delays = new ArrayList<>();
    try (RawHttp raw = edge.raw()) {
      raw.send(
          "GET "
              + path
              + " HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\n"
              + "Accept: text/event-stream\r\nAccept-Encoding: gzip, br\r\n\r\n");
      Context loop = loops.poll(10, TimeUnit.SECONDS);
      HttpServerResponse response = open.poll(10, TimeUnit.SECONDS);
      for (int event = 0; event < 3; event++) {
        long written = System.nanoTime();
        String text = "data: " + event + "\n\n";
        loop.runOnContext(onLoop -> response.write(text));
        if (event == 0) {
          RawHttp.Answer head = raw.readHead();
          assertEquals(List.of(), head.headers("content-encoding"));
          assertEquals(List.of(), head.headers("x-accel-buffering"));
        }
        assertEquals(text, raw.readChunk());
        delays.add(System.nanoTime() - written);
      }
      loop.runOnContext(onLoop -> response.end());
      assertEquals("", raw.readChunk());
    }
    return delays;
  }

  @Test
  void webSocket_passesWhereARouteIsOfThatKind() {
    edge.gateway()
        .answer(
            request ->
                request
                    .toWebSocket()
                    .onSuccess(socket -> socket.textMessageHandler(socket::writeTextMessage)));
    Vertx vertx = Vertx.vertx();
    try {
      var options =
          new WebSocketClientOptions()
              .setSsl(true)
              .setTrustOptions(
                  new PemTrustOptions()
                      .addCertPath(
                          edge.certificates().directory().resolve("trust.pem").toString()));
      var target =
          new WebSocketConnectOptions()
              .setHost("localhost")
              .setPort(edge.edge().httpsPort())
              .addHeader("User-Agent", "t")
              .addHeader("Accept", "*/*");
      var web = vertx.createWebSocketClient(options);
      BlockingQueue<String> heard = new LinkedBlockingQueue<>();
      WebSocket socket = Await.value(web.connect(target.setURI("/ws/x")));
      socket.textMessageHandler(heard::add);
      Await.value(socket.writeTextMessage("hello"));
      Await.until("an echo", () -> "hello".equals(heard.peek()));
      Await.value(socket.close());
      edge.gateway().reset();
      Await.failure(web.connect(target.setURI("/api/v1/me")));
      assertEquals(List.of("GET /api/v1/me"), edge.gateway().seen(), "as an ordinary request");
    } finally {
      Await.value(vertx.close());
    }
  }

  @Test
  void answers_ofTheApi_areNeverCompressed() {
    edge.gateway().answer(request -> document(request, "private"));
    HttpResponse<String> answer = client.get("/api/v1/me", "Accept-Encoding", "gzip, br");
    assertEquals(List.of(), answer.headers().allValues("content-encoding"));
  }

  @Test
  void publicDocuments_areCompressedKeptAndServedStale() {
    String path = "/assets/" + System.nanoTime() + ".json";
    edge.gateway().answer(request -> document(request, "public, max-age=1"));
    HttpResponse<String> first = client.get(path, "Accept-Encoding", "identity");
    assertEquals(200, first.statusCode());
    assertEquals("\"v1\"", first.headers().firstValue("etag").orElseThrow());
    assertEquals("gzip", encoding(client.get(path, "Accept-Encoding", "gzip")));
    assertEquals("br", encoding(client.get(path, "Accept-Encoding", "gzip, br")));
    HttpResponse<String> known = client.get(path + "?bust=1", "If-None-Match", "\"v1\"");
    assertEquals(304, known.statusCode());
    assertEquals("", known.body());
    assertEquals(1, edge.gateway().seen().size(), "the rest came from the copy");

    edge.gateway().answer(request -> request.connection().close());
    Await.until(
        "an attempt to renew it",
        () -> {
          assertEquals(first.body(), client.get(path).body());
          return edge.gateway().seen().size() > 1;
        });
    assertEquals(first.body(), client.get(path).body(), "stale while the gateway is away");
  }

  @Test
  void publicDocuments_areAskedForWithoutCredentialsAndKeptWithoutThem() {
    String path = "/assets/" + System.nanoTime() + ".json";
    List<String> credentials = new ArrayList<>();
    edge.gateway()
        .answer(
            request -> {
              request.headers().getAll("authorization").forEach(credentials::add);
              request.headers().getAll("cookie").forEach(credentials::add);
              request.response().putHeader("set-cookie", "a=b").putHeader("ratelimit", "x");
              document(request, "public, max-age=60");
            });
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> answer = client.get(path, "Authorization", "Bearer x", "Cookie", "c=d");
      assertEquals(List.of(), answer.headers().allValues("set-cookie"));
      assertEquals(List.of(), answer.headers().allValues("ratelimit"));
    }
    assertEquals(List.of(), credentials);
    assertEquals(1, edge.gateway().seen().size());
  }

  private static String encoding(HttpResponse<String> answer) {
    return answer.headers().firstValue("content-encoding").orElse("none");
  }

  private static void document(HttpServerRequest request, String cacheControl) {
    request
        .response()
        .putHeader("content-type", "application/json")
        .putHeader("cache-control", cacheControl)
        .putHeader("etag", "\"v1\"")
        .end("{\"text\":\"" + "compressible ".repeat(500) + "\"}");
  }
}
