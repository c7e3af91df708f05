package io.portcullis.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;

/**
 * The public API as a caller sees it. Every answer is held against the OpenAPI document before a
 * test gets to see it.
 */
public final class Api {
  private static final OpenApiContract CONTRACT = new OpenApiContract();
  private static final Duration LIMIT = Duration.ofSeconds(40);

  private final URI base;
  private final Optional<String> token;
  private final HttpClient client;

  /** The API at an address, for a caller with a token or without. */
  public Api(URI base, Optional<String> token) {
    this(base, token, HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build());
  }

  /** The API by TLS of the caller's own. */
  public Api(URI base, Optional<String> token, SSLContext tls) {
    this(
        base,
        token,
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .connectTimeout(Duration.ofSeconds(5))
            .build());
  }

  private Api(URI base, Optional<String> token, HttpClient client) {
    this.base = base;
    this.token = token;
    this.client = client;
  }

  /** The same API for another caller. */
  public Api as(String otherToken) {
    return new Api(base, Optional.of(otherToken), client);
  }

  /** The same API without a credential. */
  public Api anonymous() {
    return new Api(base, Optional.empty(), client);
  }

  /** GET. */
  public Answer get(String path, String... headers) {
    return send("GET", path, Optional.empty(), headers);
  }

  /** DELETE. */
  public Answer delete(String path, String... headers) {
    return send("DELETE", path, Optional.empty(), headers);
  }

  /** POST of JSON text. */
  public Answer post(String path, String body, String... headers) {
    return send("POST", path, Optional.of(body), headers);
  }

  /** PATCH of JSON text. */
  public Answer patch(String path, String body, String... headers) {
    return send("PATCH", path, Optional.of(body), headers);
  }

  /** Any request; headers as name, value, name, value. */
  public Answer send(String method, String path, Optional<String> body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
    request.method(method, body.map(BodyPublishers::ofString).orElse(BodyPublishers.noBody()));
    Map<String, String> named = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (int i = 0; i < headers.length; i += 2) {
      named.put(headers[i], headers[i + 1]);
    }
    if (body.isPresent()) {
      named.putIfAbsent("content-type", "application/json");
    }
    token.ifPresent(text -> named.putIfAbsent("authorization", "Bearer " + text));
    named.forEach(request::header);
    try {
      var response = client.send(request.build(), BodyHandlers.ofString());
      Answer answer = new Answer(response.statusCode(), response.headers(), response.body());
      // A path with several spellings is nobody's path: the document cannot describe its answer.
      boolean described = path.matches("/(api|openapi)[^;%]*") && !path.contains("//");
      if (described) {
        CONTRACT.check(method, path, answer.status(), answer.headers().map(), answer.text());
      }
      return answer;
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " was not answered: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** An answer. */
  public record Answer(int status, HttpHeaders headers, String text) {
    /** The body as JSON. */
    public JsonObject json() {
      return new JsonObject(text);
    }

    /** A header that must be there exactly once. */
    public String header(String name) {
      List<String> values = headers.allValues(name);
      if (values.size() != 1) {
        throw new AssertionError("header " + name + " is there " + values.size() + " times");
      }
      return values.getFirst();
    }

    /** The last segment of a problem's type. */
    public String problem() {
      String type = json().getString("type", "");
      return type.substring(type.lastIndexOf('/') + 1);
    }
  }
}
