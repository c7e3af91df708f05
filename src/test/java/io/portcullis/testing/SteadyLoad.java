package io.portcullis.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * Requests at a steady rate over TLS: each caller keeps its connection and makes a new one now and
 * then, half of them speak HTTP/2. A request fails when its answer is not 200 or never comes; like
 * every HTTP client this one asks again when a kept connection was closed before it was used (RFC
 * 9112, section 9.3.1).
 *
 * @param tls trusts the edge as it is at that moment
 * @param token a valid one at any moment
 * @param perSecond requests of all callers together
 */
public record SteadyLoad(URI uri, Supplier<SSLContext> tls, Supplier<String> token, int perSecond) {
  private static final int CALLERS = 10;
  private static final int REQUESTS_PER_CLIENT = 200;
  private static final Duration LONGEST = Duration.ofMinutes(15);

  /** Starts the callers. */
  public Running begin() {
    return new Running(this);
  }

  /** Callers at work; closing ends them. */
  public static final class Running implements AutoCloseable {
    private final SteadyLoad load;
    private final Map<Integer, AtomicInteger> statuses = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Thread> callers = new ArrayList<>();
    private final long limit = System.nanoTime() + LONGEST.toNanos();

    Running(SteadyLoad load) {
      this.load = load;
      for (int i = 0; i < CALLERS; i++) {
        HttpClient.Version version =
            i % 2 == 0 ? HttpClient.Version.HTTP_1_1 : HttpClient.Version.HTTP_2;
        callers.add(Thread.ofPlatform().daemon().start(() -> call(version)));
      }
    }

    private void call(HttpClient.Version version) {
      long pause = Duration.ofSeconds(CALLERS).toNanos() / load.perSecond();
      long next = System.nanoTime();
      while (!ended.get() && System.nanoTime() < limit) {
        try (HttpClient client =
            HttpClient.newBuilder()
                .version(version)
                .sslContext(load.tls().get())
                .connectTimeout(Duration.ofSeconds(10))
                .build()) {
          for (int i = 0; i < REQUESTS_PER_CLIENT && !ended.get(); i++) {
            ask(client);
            next += pause;
            LockSupport.parkNanos(Math.max(0, next - System.nanoTime()));
          }
        }
      }
    }

    private void ask(HttpClient client) {
      HttpRequest request =
          HttpRequest.newBuilder(load.uri())
              .header("Authorization", "Bearer " + load.token().get())
              .timeout(Duration.ofSeconds(15))
              .build();
      try {
        var answer = client.send(request, BodyHandlers.ofString());
        count(answer.statusCode());
        if (answer.statusCode() != 200) {
          failures.add(answer.version() + " " + answer.statusCode() + ": " + answer.body());
        }
      } catch (IOException e) {
        count(-1);
        failures.add(client.version() + " " + e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        ended.set(true);
      }
    }

    private void count(int status) {
      statuses.computeIfAbsent(status, key -> new AtomicInteger()).incrementAndGet();
    }

    /** What there was so far. */
    public Result result() {
      Map<Integer, Integer> counts = new TreeMap<>();
      statuses.forEach((status, count) -> counts.put(status, count.get()));
      return new Result(counts, failures.stream().limit(20).toList());
    }

    /** Ends the callers and says what they saw. */
    public Result end() {
      close();
      return result();
    }

    @Override
    public void close() {
      ended.set(true);
      for (Thread caller : callers) {
        try {
          caller.join(Duration.ofSeconds(30));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * What the callers saw.
   *
   * @param counts answers by status, -1 for none
   * @param failures the first ones, in words
   */
  public record Result(Map<Integer, Integer> counts, List<String> failures) {
    /** All answers. */
    public int total() {
      return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
  }
}
