package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.portcullis.config.LimitConfig;
import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import io.portcullis.model.Decision;
import io.portcullis.model.Decision.Limit;
import io.portcullis.model.Decision.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateLimitHeadersTest {
  private static final List<Limit> TWO =
      List.of(new Limit("per-ip", 600, 60, 599, 60), new Limit("per-user", 300, 60, 57, 12));

  @Test
  void policy_listsEveryLimitThatIsOn() {
    Policy off = new Policy(0, Duration.ofMinutes(1), Outage.LOCAL);
    Policy on = new Policy(300, Duration.ofMinutes(1), Outage.LOCAL);
    LimitConfig config =
        new LimitConfig(on, off, on, off, Duration.ofMillis(25), 5, Duration.ofSeconds(1), 1, 100);
    assertEquals(
        "\"per-ip\";q=300;w=60, \"per-tenant\";q=300;w=60",
        new RateLimitHeaders(LimitRule.of(config)).policy());
  }

  @Test
  void limits_fromRedis_isAStructuredList() {
    Decision decision = new Decision(true, Mode.REDIS, TWO, -1, 0, false);
    assertEquals(
        "\"per-ip\";r=599;t=60, \"per-user\";r=57;t=12", RateLimitHeaders.limits(decision));
  }

  @Test
  void limits_whileRedisIsAway_saysSo() {
    Decision decision = new Decision(true, Mode.LOCAL, TWO.subList(0, 1), -1, 0, false);
    assertEquals("\"per-ip\";r=599;t=60;pc-mode=\"local\"", RateLimitHeaders.limits(decision));
  }

  @Test
  void limits_none_isEmpty() {
    assertEquals(
        "", RateLimitHeaders.limits(new Decision(true, Mode.OPEN, List.of(), -1, 0, false)));
  }

  @Test
  void retryAfterSeconds_roundsUpAndIsAtLeastOne() {
    assertEquals(1, RateLimitHeaders.retryAfterSeconds(refusedFor(1)));
    assertEquals(1, RateLimitHeaders.retryAfterSeconds(refusedFor(1000)));
    assertEquals(2, RateLimitHeaders.retryAfterSeconds(refusedFor(1001)));
    assertEquals(1, RateLimitHeaders.retryAfterSeconds(refusedFor(0)));
  }

  private static Decision refusedFor(long millis) {
    return new Decision(false, Mode.REDIS, TWO, 1, millis, true);
  }
}
