package io.portcullis.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Single requests: to see that a server is there and that it answers as it should. */
final class Web implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  /** A status and a body. */
  record Answer(int status, String body) {}

  /**
   * A GET.
   *
   * @param token the bearer token; empty for none
   * @throws BenchFailure when there is no answer within ten seconds
   */
  Answer get(URI uri, String token) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body());
    } catch (IOException e) {
      throw BenchFailure.of(uri + " does not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BenchFailure.of("interrupted while waiting for " + uri);
    }
  }

  /** Whether there is an answer of status 200. */
  boolean serves(URI uri) {
    try {
      return get(uri, "").status() == 200;
    } catch (BenchFailure away) {
      return false;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
