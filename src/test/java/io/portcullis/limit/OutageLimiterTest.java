package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.LimitConfig;
import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutageLimiterTest {
  private static final Admission REQUEST = new Admission("abcdefghijklm", "10.0.0.1", "alice", 1);

  @Test
  void decide_localOnEveryNode_togetherStayWithinTheMaximum() {
    for (long max = 3; max < 30; max++) {
      long admitted = 0;
      for (int node = 0; node < 3; node++) {
        OutageLimiter limiter = limiter(3, max, Outage.LOCAL, Outage.LOCAL);
        while (decide(limiter, max, REQUEST).admitted()) {
          admitted++;
        }
      }
      assertTrue(admitted <= max && admitted > max - 3, admitted + " of " + max);
    }
  }

  @Test
  void decide_shareBelowOne_isOurFaultNotTheCallers() {
    OutageLimiter limiter = limiter(3, 2, Outage.LOCAL, Outage.LOCAL);
    Rejection rejection = assertThrows(Rejection.class, () -> decide(limiter, 2, REQUEST));
    assertSame(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertEquals("limiter-unavailable", rejection.reason());
  }

  @Test
  void decide_costAboveTheShare_isOurFaultNotTheCallers() {
    OutageLimiter limiter = limiter(2, 10, Outage.LOCAL, Outage.LOCAL);
    Admission large = new Admission("abcdefghijklm", "10.0.0.1", "alice", 6);
    Rejection rejection = assertThrows(Rejection.class, () -> decide(limiter, 10, large));
    assertSame(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
  }

  @Test
  void decide_oneLimitClosed_refuses() {
    OutageLimiter limiter = limiter(1, 10, Outage.OPEN, Outage.CLOSED);
    assertSame(Decision.Mode.CLOSED, limiter.mode());
    assertThrows(
        Rejection.class,
        () -> limiter.decide(Charge.of(rules(10, Outage.OPEN, Outage.CLOSED), REQUEST), 1));
  }

  @Test
  void decide_allOpen_admitsUncounted() {
    OutageLimiter limiter = limiter(1, 10, Outage.OPEN, Outage.OPEN);
    Decision decision = limiter.decide(Charge.of(rules(10, Outage.OPEN, Outage.OPEN), REQUEST), 1);
    assertTrue(decision.admitted());
    assertSame(Decision.Mode.OPEN, decision.mode());
    assertEquals(List.of(), decision.limits());
  }

  @Test
  void decide_openAndLocal_countsTheLocalOne() {
    OutageLimiter limiter = limiter(1, 2, Outage.OPEN, Outage.LOCAL);
    List<Charge> charges = Charge.of(rules(2, Outage.OPEN, Outage.LOCAL), REQUEST);
    assertTrue(limiter.decide(charges, 1).admitted());
    assertTrue(limiter.decide(charges, 1).admitted());
    Decision refused = limiter.decide(charges, 1);
    assertEquals("per-user", refused.limits().get(refused.violated()).policy());
    assertSame(Decision.Mode.LOCAL, refused.mode());
  }

  private static Decision decide(OutageLimiter limiter, long max, Admission request) {
    return limiter.decide(
        Charge.of(rules(max, Outage.LOCAL, Outage.LOCAL), request), request.cost());
  }

  private static OutageLimiter limiter(int nodes, long max, Outage ip, Outage user) {
    return new OutageLimiter(rules(max, ip, user), nodes, 100, () -> 1_000_000_000L);
  }

  private static List<LimitRule> rules(long max, Outage ip, Outage user) {
    Duration window = Duration.ofSeconds(1);
    Policy off = new Policy(0, window, Outage.LOCAL);
    return LimitRule.of(
        new LimitConfig(
            new Policy(max, window, ip),
            new Policy(max, window, user),
            off,
            off,
            Duration.ofMillis(25),
            5,
            window,
            1,
            100));
  }
}
