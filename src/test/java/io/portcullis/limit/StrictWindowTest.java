package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class StrictWindowTest {
  private static final long WINDOW = 1_000_000;
  private static final long WIDTH = StrictWindow.widthMicros(Duration.ofSeconds(1));

  @Test
  void admit_randomTimesAndCosts_noWindowExceedsTheMaximum(TestInfo info) {
    Random random = seeded(info);
    for (int round = 0; round < 100; round++) {
      int max = 1 + random.nextInt(60);
      long step = 1L + random.nextInt(200_000);
      StrictWindow window = new StrictWindow(WIDTH);
      WindowOracle oracle = new WindowOracle(WINDOW);
      long now = random.nextLong(1L << 50);
      for (int i = 0; i < 2_500; i++) {
        now += random.nextLong(step);
        int cost = 1 + random.nextInt(Math.min(max, 7));
        if (window.waitMicros(now, max, cost) == 0) {
          window.charge(now, cost);
          oracle.admitted(now, cost);
        }
      }
      assertTrue(oracle.most() <= max, "round " + round);
      assertTrue(oracle.size() > 0);
    }
  }

  /**
   * The log is kept in elapsed time: what the clock moved forward. A clock that goes back has only
   * elapsed less than it says, so windows of elapsed time are the strictest reading.
   */
  @Test
  void admit_clockJumpsBackAndForth_noWindowOfElapsedTimeExceedsTheMaximum(TestInfo info) {
    Random random = seeded(info);
    for (int round = 0; round < 100; round++) {
      int max = 1 + random.nextInt(60);
      StrictWindow window = new StrictWindow(WIDTH);
      WindowOracle oracle = new WindowOracle(WINDOW);
      long now = 1L << 50;
      long elapsed = 0;
      for (int i = 0; i < 2_500; i++) {
        long jump = jump(random);
        now += jump;
        elapsed += Math.max(0, jump);
        int cost = 1 + random.nextInt(Math.min(max, 5));
        if (window.waitMicros(now, max, cost) == 0) {
          window.charge(now, cost);
          oracle.admitted(elapsed, cost);
        }
      }
      assertTrue(oracle.most() <= max, "round " + round);
    }
  }

  private static long jump(Random random) {
    return switch (random.nextInt(60)) {
      case 0 -> -random.nextLong(WINDOW / 2);
      case 1 -> -random.nextLong(40 * WINDOW);
      case 2 -> random.nextLong(3 * WINDOW);
      default -> random.nextLong(WINDOW / 40);
    };
  }

  @Test
  void admit_steadySaturation_usesFifteenSixteenths() {
    int max = 1_600;
    StrictWindow window = new StrictWindow(WIDTH);
    long admitted = 0;
    int seconds = 40;
    for (long now = 0; now < seconds * WINDOW; now += 100) {
      if (window.waitMicros(now, max, 1) == 0) {
        window.charge(now, 1);
        admitted++;
      }
    }
    double used = (double) admitted / ((long) seconds * max);
    assertTrue(used >= 15.0 / 16, "used " + used);
  }

  @Test
  void waitMicros_refused_isExactToTheMicrosecond(TestInfo info) {
    Random random = seeded(info);
    int checked = 0;
    StrictWindow window = new StrictWindow(WIDTH);
    int max = 20;
    long now = 7_000_000_000L;
    for (int i = 0; i < 20_000; i++) {
      now += random.nextInt(30_000);
      int cost = 1 + random.nextInt(9);
      long wait = window.waitMicros(now, max, cost);
      if (wait > 0) {
        checked++;
        now += wait - 1;
        assertTrue(window.waitMicros(now, max, cost) > 0, "too long");
        now += 1;
        assertEquals(0, window.waitMicros(now, max, cost), "too short");
      }
      window.charge(now, cost);
    }
    assertTrue(checked > 100);
  }

  @Test
  void resetMicros_nothingUsed_isZero() {
    assertEquals(0, new StrictWindow(WIDTH).resetMicros(123));
  }

  @Test
  void resetMicros_used_isWhenTheOldestBucketLeaves() {
    StrictWindow window = new StrictWindow(WIDTH);
    window.charge(10 * WIDTH + 5, 1);
    window.charge(12 * WIDTH, 1);
    assertEquals(15 * WIDTH, window.resetMicros(12 * WIDTH));
    assertEquals(2, window.used(27 * WIDTH - 1));
    assertEquals(1, window.used(27 * WIDTH));
  }

  @Test
  void advance_clockBackByYears_blocksForOneWindowOnly() {
    StrictWindow window = new StrictWindow(WIDTH);
    long wrong = 1L << 52;
    window.charge(wrong, 3);
    long right = 1L << 50;
    assertEquals(3, window.used(right));
    assertEquals(0, window.used(right + WINDOW + 2 * WIDTH));
  }

  @Test
  void widthMicros_notDivisible_roundsUp() {
    assertEquals(62_501, StrictWindow.widthMicros(Duration.ofNanos(1_000_000_001L)));
  }

  private static Random seeded(TestInfo info) {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    System.err.println(info.getDisplayName() + ": -Dportcullis.seed=" + seed);
    return new Random(seed);
  }
}
