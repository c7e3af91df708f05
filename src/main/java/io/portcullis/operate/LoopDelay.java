package io.portcullis.operate;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long events wait for their loop: a timer on each loop sees ten times a second how late it is.
 * {@code portcullis_event_loop_delay_seconds} is the longest wait of the last 15 to 30 seconds, of
 * all loops; so each look of Prometheus finds it, whoever else looks.
 */
public final class LoopDelay {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final Duration WINDOW = Duration.ofSeconds(15);

  private final LongSupplier nanos;
  private long windowEnd;
  private long worst;
  private long worstBefore;

  /** Reads 0 until a verticle of it runs. */
  public LoopDelay(MeterRegistry registry) {
    this(registry, System::nanoTime);
  }

  LoopDelay(MeterRegistry registry, LongSupplier nanos) {
    this.nanos = nanos;
    this.windowEnd = nanos.getAsLong() + WINDOW.toNanos();
    Gauge.builder("portcullis.event.loop.delay.seconds", this, LoopDelay::seconds)
        .description("The longest time that an event waited for its loop, lately")
        .register(registry);
  }

  /** Watches the loop that it is deployed on; one instance a loop. */
  public VerticleBase verticle() {
    return new Watch();
  }

  synchronized void late(long delay) {
    turn();
    worst = Math.max(worst, delay);
  }

  private synchronized double seconds() {
    turn();
    return Math.max(worst, worstBefore) / 1e9;
  }

  private void turn() {
    long now = nanos.getAsLong();
    if (now - windowEnd < 0) {
      return;
    }
    // A whole window without a look: what was before it is over, too.
    worstBefore = now - windowEnd < WINDOW.toNanos() ? worst : 0;
    worst = 0;
    windowEnd = now + WINDOW.toNanos();
  }

  private final class Watch extends VerticleBase {
    private boolean stopped;

    @Override
    public Future<?> start() {
      next();
      return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
      stopped = true;
      return Future.succeededFuture();
    }

    private void next() {
      long due = nanos.getAsLong() + PERIOD.toNanos();
      vertx.setTimer(
          PERIOD.toMillis(),
          timer -> {
            late(Math.max(0, nanos.getAsLong() - due));
            if (!stopped) {
              next();
            }
          });
    }
  }
}
