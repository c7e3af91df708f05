package io.portcullis.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Breaker breaker = new Breaker(3, Duration.ofNanos(100), nanos::get);

  @Test
  void failure_belowTheLimit_staysClosed() {
    breaker.failure();
    breaker.failure();
    assertTrue(breaker.allows());
  }

  @Test
  void success_betweenFailures_startsCountingAgain() {
    breaker.failure();
    breaker.failure();
    breaker.success();
    breaker.failure();
    breaker.failure();
    assertTrue(breaker.allows());
  }

  @Test
  void failure_asOftenAsTheLimit_opens() {
    fail(3);
    assertFalse(breaker.allows());
    assertEquals(100, breaker.remainingNanos());
  }

  @Test
  void tryProbe_duringThePause_isRefused() {
    fail(3);
    nanos.addAndGet(99);
    assertFalse(breaker.tryProbe());
  }

  @Test
  void tryProbe_afterThePause_letsExactlyOneThrough() {
    fail(3);
    nanos.addAndGet(100);
    assertTrue(breaker.tryProbe());
    assertFalse(breaker.tryProbe());
    assertFalse(breaker.allows());
  }

  @Test
  void success_ofTheProbe_closes() {
    fail(3);
    nanos.addAndGet(100);
    assertTrue(breaker.tryProbe());
    breaker.success();
    assertTrue(breaker.allows());
    fail(2);
    assertTrue(breaker.allows());
  }

  @Test
  void failure_ofTheProbe_opensForAnotherPause() {
    fail(3);
    nanos.addAndGet(100);
    assertTrue(breaker.tryProbe());
    breaker.failure();
    assertEquals(Breaker.State.OPEN, breaker.state());
    assertEquals(100, breaker.remainingNanos());
  }

  @Test
  void success_whileOpen_changesNothing() {
    fail(3);
    breaker.success();
    assertFalse(breaker.allows());
  }

  @Test
  void failure_whileOpen_doesNotProlongThePause() {
    fail(3);
    nanos.addAndGet(60);
    breaker.failure();
    assertEquals(40, breaker.remainingNanos());
  }

  @Test
  void create_withoutFailures_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new Breaker(0, Duration.ZERO, nanos::get));
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breaker.failure();
    }
  }
}
