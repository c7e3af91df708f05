package io.portcullis.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.testing.Await;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The longest wait of the last windows, by a clock of the test's and by a real loop. */
final class LoopDelayTest {
  private static final long SECOND = 1_000_000_000L;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void delay_isTheLongestUntilTwoWindowsHavePassed() {
    AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND); // it may overflow
    LoopDelay delay = new LoopDelay(registry, clock::get);
    delay.late(SECOND / 2);
    delay.late(SECOND / 10);
    assertEquals(0.5, seconds());
    clock.addAndGet(16 * SECOND);
    delay.late(SECOND / 10);
    assertEquals(0.5, seconds(), "the window before still counts");
    clock.addAndGet(16 * SECOND);
    assertEquals(0.1, seconds());
    clock.addAndGet(60 * SECOND);
    assertEquals(0, seconds(), "nobody was late for a minute");
  }

  @Test
  void blockedLoop_isSeen() {
    LoopDelay delay = new LoopDelay(registry);
    // One loop, so the one that is blocked is the one that is watched.
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    try {
      Await.value(vertx.deployVerticle(delay::verticle, new DeploymentOptions()));
      vertx.runOnContext(run -> LockSupport.parkNanos(Duration.ofMillis(300).toNanos()));
      Await.until("a wait of a tenth of a second", () -> seconds() > 0.1);
      assertTrue(seconds() < 60);
    } finally {
      Await.value(vertx.close(), Duration.ofSeconds(60));
    }
  }

  private double seconds() {
    return registry.get("portcullis.event.loop.delay.seconds").gauge().value();
  }
}
