package io.portcullis.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * A few callers that ask the same over and over, on the loopback, until they are told to end.
 *
 * @param api makes a caller
 * @param path what they ask for
 * @param allowed the statuses that a test expects
 */
public record Load(Supplier<Api> api, String path, Set<Integer> allowed) {
  private static final int CALLERS = 4;
  private static final Duration LONGEST = Duration.ofMinutes(3);

  /** Starts the callers. */
  public Running begin() {
    return new Running(api.get(), path);
  }

  /** Callers at work. */
  public static final class Running implements AutoCloseable {
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final AtomicLong slowestNanos = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final List<Thread> callers = new ArrayList<>();
    private final long limit = System.nanoTime() + LONGEST.toNanos();

    Running(Api api, String path) {
      for (int i = 0; i < CALLERS; i++) {
        callers.add(Thread.ofVirtual().start(() -> call(api, path)));
      }
    }

    private void call(Api api, String path) {
      while (!ended.get() && System.nanoTime() < limit) {
        long begin = System.nanoTime();
        int status;
        try {
          status = api.get(path).status();
        } catch (AssertionError unanswered) {
          status = -1;
        }
        slowestNanos.accumulateAndGet(System.nanoTime() - begin, Math::max);
        statuses.merge(status, 1, Integer::sum);
        count.incrementAndGet();
        LockSupport.parkNanos(5_000_000);
      }
    }

    /** How many answers there are so far. */
    public int count() {
      return count.get();
    }

    /** Waits until there are that many. */
    public void await(int answers, Duration within) {
      Await.until(
          () -> count() >= answers,
          within,
          () -> "only " + count() + " of " + answers + " answers");
    }

    /** Ends the callers and says what they saw; -1 stands for a request without a proper answer. */
    public Result end() {
      close();
      return new Result(
          Set.copyOf(statuses.keySet()),
          Duration.ofNanos(slowestNanos.get()),
          new TreeMap<>(statuses));
    }

    @Override
    public void close() {
      ended.set(true);
      for (Thread caller : callers) {
        try {
          caller.join(Duration.ofSeconds(60));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /**
   * What the callers saw.
   *
   * @param counts answers by status
   */
  public record Result(Set<Integer> statuses, Duration slowest, Map<Integer, Integer> counts) {}
}
