package io.portcullis.waf;

import io.micrometer.core.instrument.MeterRegistry;
import io.portcullis.config.WafConfig;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the firewall's raw audit log. One instance, on a virtual thread, since it blocks on
 * files. Without a configured log it does nothing. When the files fail, it says so once and tries
 * again at each look: the raw log keeps what it could not take.
 */
public final class WafLogVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(WafLogVerticle.class);

  private final WafConfig config;
  private final Consumer<WafBlock> trail;
  private final MeterRegistry meters;
  private final Clock clock;
  private @Nullable WafLogReader reader;
  private boolean failing;
  private boolean stopped;

  /**
   * Reads what this configuration names.
   *
   * @param trail gets each refused request that is to be recorded; called on this verticle's thread
   */
  public WafLogVerticle(
      WafConfig config, Consumer<WafBlock> trail, MeterRegistry meters, Clock clock) {
    this.config = config;
    this.trail = trail;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Future<?> start() throws IOException {
    if (config.auditLog().isPresent()) {
      RawLog raw = new RawLog(config.auditLog().get());
      raw.prepare();
      Optional<MaskedLog> masked = Optional.empty();
      if (config.maskedLog().isPresent()) {
        masked =
            Optional.of(new MaskedLog(config.maskedLog().get(), config.maxBytes(), config.keep()));
      }
      reader = new WafLogReader(raw, masked, trail, meters, clock);
      next();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() throws IOException {
    stopped = true;
    WafLogReader current = reader;
    if (current != null) {
      look(current);
      current.close();
    }
    return Future.succeededFuture();
  }

  /** One look after the other, never two at once. */
  private void next() {
    vertx.setTimer(
        config.interval().toMillis(),
        tick -> {
          WafLogReader current = reader;
          if (!stopped && current != null) {
            look(current);
            next();
          }
        });
  }

  private void look(WafLogReader current) {
    try {
      current.look();
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        log.atError()
            .addKeyValue("event.action", "waf.log")
            .addKeyValue("error.message", String.valueOf(e.getMessage()))
            .log("the firewall's log cannot be read; trying again");
      }
      failing = true;
    }
  }
}
