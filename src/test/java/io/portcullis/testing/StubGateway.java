package io.portcullis.testing;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands where the gateway stands: takes nobody without a certificate of the authority, and answers
 * what a test wants. Unless told otherwise it tells what arrived.
 */
public final class StubGateway implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final AtomicReference<Handler<HttpServerRequest>> answer =
      new AtomicReference<>(StubGateway::tell);
  private final HttpServer server;

  private StubGateway(Path certificates, int port) {
    Path identity = certificates.resolve("identities/gateway/current");
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setSsl(true)
            .setClientAuth(ClientAuth.REQUIRED)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertPath(identity.resolve("tls.crt").toString())
                    .setKeyPath(identity.resolve("tls.key").toString()))
            .setTrustOptions(
                new PemTrustOptions().addCertPath(certificates.resolve("trust.pem").toString()));
    server =
        Await.value(
            vertx
                .createHttpServer(options)
                .requestHandler(
                    request -> {
                      seen.add(request.method() + " " + request.uri());
                      Objects.requireNonNull(answer.get()).handle(request);
                    })
                .listen());
  }

  /** Starts on a free port with the identity of the gateway. */
  public static StubGateway start(Path certificates) {
    return new StubGateway(certificates, 0);
  }

  /** The same on a given port. */
  public static StubGateway start(Path certificates, int port) {
    return new StubGateway(certificates, port);
  }

  public int port() {
    return server.actualPort();
  }

  /** What it answers from now on. */
  public void answer(Handler<HttpServerRequest> handler) {
    answer.set(handler);
  }

  /** Tells again what arrived. */
  public void reset() {
    answer.set(StubGateway::tell);
    seen.clear();
  }

  /** Methods and targets of the requests that arrived. */
  public List<String> seen() {
    return List.copyOf(seen);
  }

  /** Answers with what arrived: method, target, headers, the size of the body. */
  public static void tell(HttpServerRequest request) {
    JsonArray headers = new JsonArray();
    request.headers().forEach((name, value) -> headers.add(new JsonArray().add(name).add(value)));
    request
        .body()
        .onSuccess(
            body ->
                request
                    .response()
                    .putHeader("content-type", "application/json")
                    .end(
                        new JsonObject()
                            .put("method", request.method().name())
                            .put("target", request.uri())
                            .put("headers", headers)
                            .put("bytes", body.length())
                            .encode()));
  }

  /** The values of a header that arrived, in what was told. */
  public static List<String> headers(JsonObject told, String name) {
    return told.getJsonArray("headers").stream()
        .map(JsonArray.class::cast)
        .filter(header -> header.getString(0).equalsIgnoreCase(name))
        .map(header -> header.getString(1))
        .toList();
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
