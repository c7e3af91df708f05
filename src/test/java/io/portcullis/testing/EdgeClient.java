package io.portcullis.testing;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Requests to an edge on this machine. Follows no redirect. */
public final class EdgeClient {
  private final URI base;
  private final HttpClient client;

  /** By HTTP/2 where the edge offers it. */
  public EdgeClient(int port, SSLContext context) {
    this(URI.create("https://localhost:" + port), context, Version.HTTP_2);
  }

  private EdgeClient(URI base, SSLContext context, Version version) {
    this.base = base;
    client =
        HttpClient.newBuilder()
            .sslContext(context)
            .version(version)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  /** The same by HTTP/1.1. */
  public static EdgeClient http1(int port, SSLContext context) {
    return new EdgeClient(URI.create("https://localhost:" + port), context, Version.HTTP_1_1);
  }

  /** GET; headers as name, value, name, value. */
  public HttpResponse<String> get(String path, String... headers) {
    return send("GET", path, BodyPublishers.noBody(), headers);
  }

  /** POST of JSON text. */
  public HttpResponse<String> post(String path, String body) {
    return send("POST", path, BodyPublishers.ofString(body), "content-type", "application/json");
  }

  /** Any request. */
  public HttpResponse<String> send(
      String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(30))
            .method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path + " was not answered: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The last segment of an answer's problem type; fails when it is no problem document. */
  public static String problem(HttpResponse<String> answer) {
    String type = answer.headers().firstValue("content-type").orElse("none");
    if (!type.matches("application/problem\\+json(; charset=utf-8)?")) {
      throw new AssertionError(answer.statusCode() + " is of type " + type);
    }
    String uri = new JsonObject(answer.body()).getString("type");
    return uri.substring(uri.lastIndexOf('/') + 1);
  }
}
