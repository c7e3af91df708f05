package io.portcullis.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An open stream of events (the server's side may end it), read by a thread of its own. */
public final class EventStream implements AutoCloseable {
  private final HttpClient http;
  private final int status;
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Long> ended = new CompletableFuture<>();

  private EventStream(HttpClient http, HttpResponse<InputStream> answer) {
    this.http = http;
    this.status = answer.statusCode();
    Thread.ofVirtual().name("events").start(() -> read(answer.body()));
  }

  /** Asks and returns with the head of the answer; headers as name, value, name, value. */
  public static EventStream open(URI address, String... headers) {
    HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(Duration.ofSeconds(10))
            .header("Accept", "text/event-stream")
            .headers(headers)
            .build();
    try {
      return new EventStream(http, http.send(request, BodyHandlers.ofInputStream()));
    } catch (IOException e) {
      throw new AssertionError(address + " was not answered: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }

  /** Waits for a line. */
  public void await(String line) {
    Await.until("the line " + line, () -> lines.contains(line));
  }

  /** Whether the server has ended it. */
  public boolean isEnded() {
    return ended.isDone();
  }

  /** When the server ended it, as epoch milliseconds; nothing if it did not in time. */
  public Optional<Long> ended(Duration limit) {
    try {
      return Optional.of(ended.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (ExecutionException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  private void read(InputStream body) {
    try (var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException cut) {
      // An end like any other.
    }
    ended.complete(System.currentTimeMillis());
  }
}
