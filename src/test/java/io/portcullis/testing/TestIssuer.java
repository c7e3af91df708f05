package io.portcullis.testing;

import io.portcullis.config.IdentityConfig;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An issuer on loopback: publishes keys, mints tokens, and fails in every way a real one can. Its
 * keys and its behaviour may be changed while it runs, from any thread.
 */
public final class TestIssuer implements AutoCloseable {
  /** How requests for keys are answered. */
  public enum Mode {
    /** As they should be. */
    GOOD,
    /** 500. */
    ERROR,
    /** 200 with what is no JSON. */
    GARBAGE,
    /** 200 with an empty set of keys. */
    EMPTY,
    /** A redirect to the keys. */
    REDIRECT,
    /** The keys as {@code text/html}. */
    HTML,
    /** More bytes than anyone should read. */
    HUGE,
    /** Never answered. */
    SILENT,
    /** A byte now and then, without end. */
    DRIP,
    /** The connection is closed in the middle of the body. */
    CUT,
    /** Answered after {@link #DELAY_MILLIS}. */
    SLOW
  }

  /** How slow {@link Mode#SLOW} is. */
  public static final long DELAY_MILLIS = 300;

  private final Vertx vertx;
  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile List<JsonObject> keys = List.of();
  private volatile Mode mode = Mode.GOOD;
  private volatile String discoveredIssuer = "";
  private volatile String discoveredKeys = "";

  /** Starts on a free port with no keys. */
  public TestIssuer(Vertx vertx) {
    this.vertx = vertx;
    this.server =
        Await.value(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
    this.discoveredIssuer = issuer();
    this.discoveredKeys = jwks().toString();
  }

  /** The value of {@code iss}. */
  public String issuer() {
    return "http://127.0.0.1:" + server.actualPort() + "/realms/test";
  }

  /** Where the keys are. */
  public URI jwks() {
    return URI.create(issuer() + "/certs");
  }

  /** Where the discovery document is. */
  public URI discovery() {
    return URI.create(issuer() + "/.well-known/openid-configuration");
  }

  /** A configuration that believes this issuer. */
  public IdentityConfig.Issuer config() {
    return new IdentityConfig.Issuer(
        "test",
        issuer(),
        Optional.of(jwks()),
        Optional.empty(),
        Set.of("portcullis"),
        Set.of(),
        Set.of("RS256", "PS256", "ES256", "EdDSA"),
        "portcullis",
        Optional.empty());
  }

  /** Publishes exactly these keys. */
  public void publish(TestKey... published) {
    keys = List.of(published).stream().map(TestKey::jwk).toList();
  }

  /** Publishes exactly these JWKs. */
  public void publishRaw(List<JsonObject> published) {
    keys = List.copyOf(published);
  }

  /** What the discovery document says. */
  public void discover(String issuer, String jwksUri) {
    discoveredIssuer = issuer;
    discoveredKeys = jwksUri;
  }

  /** Behaves like this from now on. */
  public void mode(Mode newMode) {
    mode = newMode;
  }

  /** How often the keys were asked for. */
  public int fetches() {
    return fetches.get();
  }

  /** A token that holds, to be changed before it is signed. */
  public TestToken token(TestKey key, Instant now) {
    return new TestToken(issuer(), key, now);
  }

  private void answer(HttpServerRequest request) {
    if (request.path().equals(discovery().getPath())) {
      json(
          request,
          new JsonObject().put("issuer", discoveredIssuer).put("jwks_uri", discoveredKeys));
    } else if (request.path().equals(jwks().getPath())) {
      fetches.incrementAndGet();
      answerKeys(request);
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private void answerKeys(HttpServerRequest request) {
    var response = request.response();
    JsonObject set = new JsonObject().put("keys", new JsonArray(keys));
    switch (mode) {
      case GOOD -> json(request, set);
      case ERROR ->
          response
              .setStatusCode(500)
              .putHeader("content-type", "application/json")
              .end(set.toBuffer());
      case GARBAGE -> response.putHeader("content-type", "application/json").end("{\"keys\":[");
      case EMPTY -> json(request, new JsonObject().put("keys", new JsonArray()));
      case REDIRECT -> response.setStatusCode(302).putHeader("location", jwks() + "?again").end();
      case HTML -> response.putHeader("content-type", "text/html").end(set.toBuffer());
      case HUGE -> json(request, set.copy().put("padding", "x".repeat(1 << 20)));
      case SILENT -> {}
      case DRIP -> {
        response.setChunked(true).putHeader("content-type", "application/json");
        long timer = vertx.setPeriodic(20, tick -> response.write(" "));
        response.closeHandler(closed -> vertx.cancelTimer(timer));
      }
      case CUT -> {
        response.putHeader("content-type", "application/json").putHeader("content-length", "1000");
        response
            .write(Buffer.buffer("{\"keys\":"))
            .onComplete(written -> request.connection().close());
      }
      case SLOW -> vertx.setTimer(DELAY_MILLIS, late -> json(request, set));
    }
  }

  private static void json(HttpServerRequest request, JsonObject document) {
    request
        .response()
        .putHeader("content-type", "application/json;charset=UTF-8")
        .end(document.toBuffer());
  }

  @Override
  public void close() {
    var unused = Await.value(server.close());
  }
}
