package io.portcullis.identity;

import io.portcullis.config.IdentityConfig.Issuer;
import io.portcullis.json.JsonLimits;
import io.portcullis.json.JsonText;
import io.portcullis.tls.Trust;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VertxException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.security.InvalidKeyException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Fetches an issuer's JWK Set, through its discovery document when no address is configured (OpenID
 * Connect Discovery 1.0, section 4). An answer counts only if it is 200, JSON by content type and
 * by content, and of bounded size; redirects are not followed; the whole takes no longer than the
 * deadline. Used on one event loop.
 */
final class KeyFetcher {
  private static final int MAX_BYTES = 512 * 1024;
  private static final JsonLimits LIMITS = new JsonLimits(MAX_BYTES, 10, 64 * 1024, 20_000);

  private final HttpClient client;
  private final Map<Issuer, Trust> trusts;
  private final Duration timeout;

  /** One for these issuers, each proved by what it is to be proved by. */
  KeyFetcher(HttpClient client, Map<Issuer, Trust> trusts, Duration timeout) {
    this.client = client;
    this.trusts = trusts;
    this.timeout = timeout;
  }

  /** The keys that are usable; fails when there is none. To be called on an event loop. */
  Future<JwksReader.Jwks> fetch(Issuer issuer) {
    Future<JsonObject> set =
        issuer.jwks().map(address -> get(issuer, address)).orElseGet(() -> discovered(issuer));
    return set.compose(KeyFetcher::jwks).timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Future<JsonObject> discovered(Issuer issuer) {
    URI discovery = issuer.discovery().orElseThrow(() -> failure("no address of keys configured"));
    return get(issuer, discovery)
        .compose(document -> get(issuer, jwksAddress(issuer, discovery, document)));
  }

  /** The document must be the issuer's own, and must not lead from https to http. */
  private static URI jwksAddress(Issuer issuer, URI discovery, JsonObject document) {
    if (!issuer.issuer().equals(document.getValue("issuer"))) {
      throw failure("the discovery document is of another issuer");
    }
    if (!(document.getValue("jwks_uri") instanceof String text)) {
      throw failure("the discovery document has no jwks_uri");
    }
    URI address = URI.create(text);
    boolean https = "https".equalsIgnoreCase(address.getScheme());
    boolean http = "http".equalsIgnoreCase(address.getScheme());
    boolean downgrade = !https && "https".equalsIgnoreCase(discovery.getScheme());
    if (address.getHost() == null || !(https || http) || downgrade) {
      throw failure("the discovery document's jwks_uri is not usable");
    }
    return address;
  }

  private static Future<JwksReader.Jwks> jwks(JsonObject set) {
    try {
      JwksReader.Jwks jwks = JwksReader.read(set);
      return jwks.keys().isEmpty()
          ? Future.failedFuture(failure("no usable key among " + jwks.ignored()))
          : Future.succeededFuture(jwks);
    } catch (InvalidKeyException e) {
      return Future.failedFuture(e);
    }
  }

  private Future<JsonObject> get(Issuer issuer, URI address) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setAbsoluteURI(address.toString())
            .setFollowRedirects(false)
            .setTimeout(timeout.toMillis())
            .putHeader(HttpHeaders.ACCEPT, "application/json");
    Trust trust = trusts.get(issuer);
    if (trust != null) {
      options.setSslOptions(trust.client(timeout));
    }
    return client.request(options).compose(this::exchange);
  }

  private Future<JsonObject> exchange(HttpClientRequest request) {
    return request
        .send()
        .compose(KeyFetcher::body)
        .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(failure -> request.reset())
        .map(body -> JsonText.parseObject(body, LIMITS));
  }

  /** The handlers are set in any case, because the request is reset when the answer is no good. */
  private static Future<Buffer> body(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response
        .exceptionHandler(whole::tryFail)
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > MAX_BYTES) {
                whole.tryFail(failure("more than " + MAX_BYTES + " bytes"));
              } else {
                body.appendBuffer(chunk);
              }
            })
        .endHandler(end -> whole.tryComplete(body));
    if (response.statusCode() != 200) {
      whole.tryFail(failure("status " + response.statusCode()));
    } else if (!isJson(response.getHeader(HttpHeaders.CONTENT_TYPE))) {
      whole.tryFail(failure("the content type is not JSON"));
    }
    return whole.future();
  }

  private static boolean isJson(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return type.equals("application/json")
        || (type.startsWith("application/") && type.endsWith("+json"));
  }

  private static VertxException failure(String what) {
    return new VertxException(what, true);
  }
}
