package io.portcullis.limit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** An exact log of admissions, against which every window is held. */
final class WindowOracle {
  private record Entry(long atMicros, int cost) {}

  private final long windowMicros;
  private final List<Entry> log = new ArrayList<>();

  WindowOracle(long windowMicros) {
    this.windowMicros = windowMicros;
  }

  void admitted(long atMicros, int cost) {
    log.add(new Entry(atMicros, cost));
  }

  int size() {
    return log.size();
  }

  long total() {
    return log.stream().mapToLong(Entry::cost).sum();
  }

  /**
   * The most that any half-open interval (t − W, t] holds. Only those that end at an admission need
   * a look: any other holds no more than the one that ends at its last admission.
   */
  long most() {
    ArrayDeque<Entry> inside = new ArrayDeque<>();
    List<Entry> sorted = new ArrayList<>(log);
    sorted.sort((a, b) -> Long.compare(a.atMicros, b.atMicros));
    long sum = 0;
    long most = 0;
    for (Entry entry : sorted) {
      inside.addLast(entry);
      sum += entry.cost;
      while (inside.getFirst().atMicros <= entry.atMicros - windowMicros) {
        sum -= inside.removeFirst().cost;
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}
