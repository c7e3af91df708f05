package io.portcullis.redis;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The health of one lane: written on its event loop, read anywhere, logged when it changes. */
final class LaneStatus {
  private static final Logger LOG = LoggerFactory.getLogger(LaneStatus.class);

  private volatile RedisStatus status = new RedisStatus(false, Instant.now(), "");

  RedisStatus now() {
    return status;
  }

  void up() {
    RedisStatus before = status;
    if (!before.up()) {
      status = new RedisStatus(true, Instant.now(), before.lastError());
      LOG.atInfo().addKeyValue("event.action", "redis.up").log("Redis answers");
    }
  }

  /** Down, or still down for another reason. */
  void down(String code) {
    RedisStatus before = status;
    if (before.up() || !before.lastError().equals(code)) {
      status = new RedisStatus(false, before.up() ? Instant.now() : before.since(), code);
      LOG.atWarn()
          .addKeyValue("event.action", "redis.down")
          .addKeyValue("event.reason", code)
          .log("Redis is away");
    }
  }
}
