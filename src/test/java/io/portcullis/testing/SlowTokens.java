package io.portcullis.testing;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An HTTP proxy on a free port of loopback before a token endpoint (RFC 6749, section 3.2). It
 * counts the refreshes by whose they are, and holds them back.
 */
public final class SlowTokens implements AutoCloseable {
  private static final Pattern REFRESH_TOKEN = Pattern.compile("(?:^|&)refresh_token=([^&]+)");

  private final Vertx vertx = Vertx.vertx();
  private final Queue<String> refreshed = new ConcurrentLinkedQueue<>();
  private final URI target;
  private final Duration delay;
  private final HttpClient client;
  private final HttpServer server;

  private SlowTokens(URI target, Duration delay) {
    this.target = target;
    this.delay = delay;
    this.client = vertx.createHttpClient();
    this.server = vertx.createHttpServer().requestHandler(this::accept);
  }

  /** Starts one before that endpoint; a refresh reaches it so much later. */
  public static SlowTokens start(URI target, Duration delay) {
    SlowTokens proxy = new SlowTokens(target, delay);
    Await.value(proxy.server.listen(0, "127.0.0.1"));
    return proxy;
  }

  /** The endpoint to use instead. */
  public URI address() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + target.getPath());
  }

  /** How many refreshes there were with tokens of that subject. */
  public long refreshes(String subject) {
    return refreshed.stream().filter(subject::equals).count();
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }

  private void accept(HttpServerRequest request) {
    request
        .body()
        .compose(
            body -> {
              Matcher token = REFRESH_TOKEN.matcher(body.toString());
              if (!token.find()) {
                return forward(request, body);
              }
              refreshed.add(subject(URLDecoder.decode(token.group(1), StandardCharsets.UTF_8)));
              return vertx
                  .timer(delay.toMillis(), TimeUnit.MILLISECONDS)
                  .compose(passed -> forward(request, body));
            })
        .onFailure(failure -> request.response().setStatusCode(502).end());
  }

  private Future<Void> forward(HttpServerRequest request, Buffer body) {
    var onward = new RequestOptions().setMethod(request.method()).setAbsoluteURI(target.toString());
    return client
        .request(onward.setHeaders(endToEnd(request.headers())))
        .compose(sent -> sent.send(body))
        .compose(
            answer -> {
              HttpServerResponse response = request.response().setStatusCode(answer.statusCode());
              response.headers().setAll(endToEnd(answer.headers()));
              return answer.body().compose(response::end);
            });
  }

  private static MultiMap endToEnd(MultiMap headers) {
    MultiMap kept = MultiMap.caseInsensitiveMultiMap().addAll(headers);
    List.of("Host", "Content-Length", "Connection", "Transfer-Encoding").forEach(kept::remove);
    return kept;
  }

  /** Keycloak's refresh tokens are signed, not encrypted. */
  private static String subject(String refreshToken) {
    String claims = refreshToken.split("\\.", -1)[1];
    return new JsonObject(Buffer.buffer(Base64.getUrlDecoder().decode(claims))).getString("sub");
  }
}
