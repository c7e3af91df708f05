package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.limit.WindowScript.Verdict;
import io.portcullis.model.Decision;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalCacheTest {
  private static final List<Charge> CHARGES =
      List.of(
          new Charge(
              new LimitRule("per-user", 10, Duration.ofSeconds(1), Outage.LOCAL, a -> "x"), "k"));

  private final AtomicLong nanos = new AtomicLong(1_000_000_000);
  private final RefusalCache cache = new RefusalCache(10, nanos::get);

  @Test
  void find_sameOrLargerCostBeforeTheEnd_isCertain() {
    assertTrue(refuse(3, 400));
    assertNotNull(cache.find(CHARGES, 3));
    Decision decision = Objects.requireNonNull(cache.find(CHARGES, 9));
    assertFalse(decision.admitted());
    assertEquals(400, decision.retryAfterMillis());
    assertEquals("per-user", decision.limits().get(decision.violated()).policy());
    assertFalse(decision.first());
  }

  @Test
  void find_smallerCost_isNotCertain() {
    refuse(3, 400);
    assertNull(cache.find(CHARGES, 2));
  }

  @Test
  void find_atTheEnd_isOver() {
    refuse(3, 400);
    nanos.addAndGet(Duration.ofMillis(400).toNanos());
    assertNull(cache.find(CHARGES, 3));
  }

  @Test
  void keep_againWithinTheWindow_isNoNews() {
    assertTrue(refuse(3, 100));
    nanos.addAndGet(Duration.ofMillis(200).toNanos());
    assertFalse(refuse(3, 100));
    nanos.addAndGet(Duration.ofMillis(800).toNanos());
    assertTrue(refuse(3, 100));
  }

  @Test
  void find_refusalLongerThanTheWindow_isNewsOncePerWindow() {
    assertTrue(refuse(3, 1_500));
    nanos.addAndGet(Duration.ofMillis(1_100).toNanos());
    assertTrue(Objects.requireNonNull(cache.find(CHARGES, 3)).first());
    assertFalse(Objects.requireNonNull(cache.find(CHARGES, 3)).first());
  }

  private boolean refuse(int cost, long waitMillis) {
    ByteBuffer reply = ByteBuffer.allocate(88).order(ByteOrder.LITTLE_ENDIAN);
    reply.putDouble(1).putDouble(0).putDouble(waitMillis * 1_000.0).putDouble(2);
    return cache.keep(CHARGES, cost, new Verdict(reply.array()), nanos.get());
  }
}
