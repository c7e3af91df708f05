package io.portcullis.limit;

import java.time.Duration;
import java.util.Arrays;

/**
 * A sliding window that never admits more than its maximum in <em>any</em> interval of its length
 * W.
 *
 * <p>Time is cut into buckets of W/16. The newest bucket and the 16 before it are counted, all of
 * them whole. At any moment t these reach back at least to t − W, so when the sum including the
 * request stays within the maximum, so does every window that ends at t; and a window that ends
 * later holds no admission that was not checked like this one. The price: an admission is counted
 * for up to W · 17/16, so under a steady load that exhausts it 16/17 (94.1 %) of the maximum is
 * used. Memory is the same whatever the maximum.
 *
 * <p>A clock that goes back must not admit more. By up to a window: time stands still until it has
 * caught up. By more: everything counts as spent just now, so that a clock that was wrong by a year
 * does not block anybody for a year.
 *
 * <p>{@code strict-window.lua} is the same algorithm; tests hold both against an exact log. Not
 * thread-safe. Times are microseconds of any one clock.
 */
final class StrictWindow {
  static final int BUCKETS = 16;
  private static final int KEPT = BUCKETS + 1;

  private final long width;
  private final int[] counts = new int[KEPT];
  private long newest;
  private long used;

  /** An empty window. */
  StrictWindow(long widthMicros) {
    this.width = widthMicros;
  }

  /** The width of a bucket: a sixteenth of the window, rounded up. */
  static long widthMicros(Duration window) {
    return Math.ceilDiv(window.toNanos(), 1_000L * BUCKETS);
  }

  /** What is counted now. */
  long used(long nowMicros) {
    advance(nowMicros);
    return used;
  }

  /** How long until {@code cost} fits, 0 when it does now. The cost must not exceed the maximum. */
  long waitMicros(long nowMicros, long max, int cost) {
    advance(nowMicros);
    long free = max - used;
    if (cost <= free) {
      return 0;
    }
    long bucket = newest - BUCKETS;
    for (; bucket < newest; bucket++) {
      free += counts[slot(bucket)];
      if (cost <= free) {
        break;
      }
    }
    return leavesAt(bucket) - nowMicros;
  }

  /** How long until something becomes free, 0 when nothing is used. */
  long resetMicros(long nowMicros) {
    advance(nowMicros);
    if (used == 0) {
      return 0;
    }
    long bucket = newest - BUCKETS;
    while (counts[slot(bucket)] == 0) {
      bucket++;
    }
    return leavesAt(bucket) - nowMicros;
  }

  /** Counts an admission. */
  void charge(long nowMicros, int cost) {
    advance(nowMicros);
    counts[slot(newest)] += cost;
    used += cost;
  }

  private void advance(long nowMicros) {
    long bucket = Math.floorDiv(nowMicros, width);
    if (bucket > newest) {
      if (bucket - newest > BUCKETS) {
        restart(bucket, 0);
      } else {
        while (newest < bucket) {
          newest++;
          int slot = slot(newest);
          used -= counts[slot];
          counts[slot] = 0;
        }
      }
    } else if (newest - bucket > KEPT) {
      restart(bucket, used);
    }
  }

  private void restart(long bucket, long spent) {
    Arrays.fill(counts, 0);
    newest = bucket;
    used = spent;
    counts[slot(bucket)] = (int) spent;
  }

  private long leavesAt(long bucket) {
    return (bucket + KEPT) * width;
  }

  private static int slot(long bucket) {
    return (int) Math.floorMod(bucket, (long) KEPT);
  }
}
