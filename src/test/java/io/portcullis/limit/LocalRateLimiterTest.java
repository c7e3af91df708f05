package io.portcullis.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.config.LimitConfig;
import io.portcullis.config.LimitConfig.Outage;
import io.portcullis.config.LimitConfig.Policy;
import io.portcullis.model.Decision;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LocalRateLimiterTest {
  private static final String TENANT = "abcdefghijklm";

  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

  @Test
  void admit_withinTheLimits_saysWhatIsLeft() {
    LocalRateLimiter limiter = limiter(10, 5, 20, 100);
    Decision decision = Await.value(limiter.admit(request("alice", 2)));
    assertTrue(decision.admitted());
    assertSame(Decision.Mode.LOCAL, decision.mode());
    assertEquals(
        List.of(
            new Decision.Limit("per-ip", 10, 1, 8, 2),
            new Decision.Limit("per-user", 5, 1, 3, 2),
            new Decision.Limit("per-tenant", 20, 1, 18, 2)),
        decision.limits());
  }

  @Test
  void admit_oneLimitExhausted_chargesNoneOfTheOthers() {
    LocalRateLimiter limiter = limiter(100, 5, 200, 100);
    Await.value(limiter.admit(request("alice", 5)));
    Decision refused = Await.value(limiter.admit(request("alice", 1)));
    assertFalse(refused.admitted());
    assertEquals("per-user", refused.limits().get(refused.violated()).policy());
    Decision other = Await.value(limiter.admit(request("bob", 1)));
    assertEquals(94, other.limits().get(0).remaining());
    assertEquals(194, other.limits().get(2).remaining());
  }

  @Test
  void admit_refusedTwiceInAWindow_onlyTheFirstIsNews() {
    LocalRateLimiter limiter = limiter(0, 1, 0, 100);
    Await.value(limiter.admit(request("alice", 1)));
    assertTrue(Await.value(limiter.admit(request("alice", 1))).first());
    assertFalse(Await.value(limiter.admit(request("alice", 1))).first());
    nanos.addAndGet(Duration.ofMillis(1100).toNanos());
    assertTrue(Await.value(limiter.admit(request("alice", 1))).admitted());
    assertTrue(Await.value(limiter.admit(request("alice", 1))).first());
  }

  @Test
  void admit_afterTheWait_passes() {
    LocalRateLimiter limiter = limiter(0, 1, 0, 100);
    Await.value(limiter.admit(request("alice", 1)));
    Decision refused = Await.value(limiter.admit(request("alice", 1)));
    nanos.addAndGet(Duration.ofMillis(refused.retryAfterMillis()).toNanos());
    assertTrue(Await.value(limiter.admit(request("alice", 1))).admitted());
  }

  @Test
  void admit_costAboveTheMaximum_isInvalidForGood() {
    Rejection rejection =
        (Rejection) Await.failure(limiter(10, 5, 20, 100).admit(request("alice", 6)));
    assertSame(Problem.INVALID_REQUEST, rejection.problem());
    assertEquals("cost-exceeds-limit", rejection.reason());
  }

  @Test
  void admit_noTenantAndNoSubject_onlyTheAddressCounts() {
    Decision decision =
        Await.value(
            limiter(10, 5, 20, 100).admit(new Admission(Admission.NO_GROUP, "10.0.0.1", "", 1)));
    assertEquals(List.of("per-ip"), decision.limits().stream().map(l -> l.policy()).toList());
  }

  @Test
  void admit_rotatingAddresses_doesNotForgetUsers() {
    LocalRateLimiter limiter = limiter(5, 1, 0, 10);
    assertTrue(Await.value(limiter.admit(request("alice", 1))).admitted());
    for (int i = 0; i < 100; i++) {
      Await.value(limiter.admit(new Admission(TENANT, "10.9.0." + i, "", 1)));
    }
    assertFalse(
        Await.value(limiter.admit(new Admission(TENANT, "10.9.1.1", "alice", 1))).admitted());
  }

  @Test
  void admit_moreSubjectsThanFit_forgetsTheLongestUnseenOnly() {
    LocalRateLimiter limiter = limiter(0, 1, 0, 10);
    for (int i = 0; i < 11; i++) {
      assertTrue(Await.value(limiter.admit(request("user" + i, 1))).admitted());
    }
    assertFalse(Await.value(limiter.admit(request("user1", 1))).admitted());
    assertTrue(Await.value(limiter.admit(request("user0", 1))).admitted());
  }

  @Test
  void peek_neverChargesAndIsNoNews() {
    LocalRateLimiter limiter = limiter(0, 1, 0, 10);
    assertTrue(limiter.peek(request("alice", 1)).admitted());
    assertTrue(limiter.peek(request("alice", 1)).admitted());
    Await.value(limiter.admit(request("alice", 1)));
    assertFalse(limiter.peek(request("alice", 1)).admitted());
    assertFalse(limiter.peek(request("alice", 1)).first());
    assertTrue(Await.value(limiter.admit(request("alice", 1))).first());
  }

  @Test
  void admit_fromManyThreads_neverExceedsTheMaximum() throws InterruptedException {
    LocalRateLimiter limiter = limiter(0, 1_000, 0, 10);
    AtomicInteger admitted = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(4);
    for (int t = 0; t < 4; t++) {
      Thread.ofPlatform()
          .start(
              () -> {
                for (int i = 0; i < 5_000; i++) {
                  if (Await.value(limiter.admit(request("alice", 1))).admitted()) {
                    admitted.incrementAndGet();
                  }
                }
                done.countDown();
              });
    }
    assertTrue(done.await(10, TimeUnit.SECONDS));
    assertEquals(1_000, admitted.get());
  }

  private LocalRateLimiter limiter(long ip, long user, long tenant, int subjects) {
    return new LocalRateLimiter(LimitRule.of(config(ip, user, tenant)), subjects, nanos::get);
  }

  private static LimitConfig config(long ip, long user, long tenant) {
    return new LimitConfig(
        policy(ip),
        policy(user),
        policy(tenant),
        policy(1),
        Duration.ofMillis(25),
        5,
        Duration.ofSeconds(1),
        1,
        100);
  }

  private static Policy policy(long max) {
    return new Policy(max, Duration.ofSeconds(1), Outage.LOCAL);
  }

  private static Admission request(String subject, int cost) {
    return new Admission(TENANT, "10.0.0.1", subject, cost);
  }
}
