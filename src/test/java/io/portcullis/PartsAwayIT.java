package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.Part;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.Load;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Each part frozen and killed under load: no request hangs, none is told that it is the caller's
 * fault, and everything is as before once the part is back.
 */
final class PartsAwayIT {
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  /** A request waits at most for the unit of work, and these two cores are shared with the load. */
  private static final Duration SLOWEST = Duration.ofSeconds(8);

  private static TestNode node;

  /** Proved before Keycloak is touched; her token outlives the test. */
  private static Api alice;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            "outage",
            "LIMITS_PER_USER_MAX",
            "1000000",
            "LIMITS_PER_IP_MAX",
            "1000000",
            "LIMITS_PER_TENANT_MAX",
            "1000000",
            "IDENTITY_REFRESH_INTERVAL",
            "1s",
            "IDENTITY_FETCH_TIMEOUT",
            "1s",
            "POSTGRES_UNIT_TIMEOUT",
            "3s",
            "POSTGRES_STATEMENT_TIMEOUT",
            "2s");
    alice = node.as("alice");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void redis_frozenAndKilled_leavesTheLocalShare() {
    Load me = load("/api/v1/me", Set.of(200));
    outage(Part.REDIS, "STOP", me, report -> !"up".equals(status(report, "redis")));
    outage(Part.REDIS, "KILL", me, report -> !"up".equals(status(report, "redis")));
  }

  @Test
  void postgresql_frozenAndKilled_is503ForWhatNeedsIt() {
    Load me = load("/api/v1/me", Set.of(200));
    Load conversations = load("/api/v1/conversations", Set.of(200, 503));
    try (Load.Running other = me.begin()) {
      outage(
          Part.POSTGRESQL,
          "STOP",
          conversations,
          report -> !"up".equals(status(report, "postgresql")));
      outage(
          Part.POSTGRESQL,
          "KILL",
          conversations,
          report -> !"up".equals(status(report, "postgresql")));
      Load.Result unaffected = other.end();
      assertEquals(Set.of(200), unaffected.statuses(), "what needs no database goes on");
    }
  }

  @Test
  void keycloak_frozenAndKilled_leavesTheLastGoodKeys() {
    Load me = load("/api/v1/me", Set.of(200));
    outage(Part.KEYCLOAK, "STOP", me, report -> !"up".equals(status(report, "identity-provider")));
    outage(Part.KEYCLOAK, "KILL", me, report -> !"up".equals(status(report, "identity-provider")));
  }

  private static void outage(Part part, String signal, Load load, Predicate<JsonObject> noticed) {
    try (Load.Running running = load.begin()) {
      running.await(50, RECOVERY);
      node.system.signal(part, signal);
      try {
        node.awaitReady(noticed, RECOVERY);
        int answered = running.count();
        running.await(answered + 20, RECOVERY);
      } finally {
        if (signal.equals("STOP")) {
          node.system.signal(part, "CONT");
        } else {
          node.system.restart(part);
        }
      }
      node.awaitReady(report -> "up".equals(report.getString("status")), RECOVERY);
      Load.Result result = running.end();
      assertTrue(
          load.allowed().containsAll(result.statuses()), part + " " + signal + ": " + result);
      assertTrue(
          result.slowest().compareTo(SLOWEST) < 0, part + " " + signal + ": slowest " + result);
    }
    Await.until(
        () -> alice.get("/api/v1/conversations").status() == 200,
        RECOVERY,
        () -> "still not as before " + part + " " + signal);
  }

  private static Load load(String path, Set<Integer> allowed) {
    return new Load(() -> alice, path, allowed);
  }

  private static String status(JsonObject report, String dependency) {
    return report.getJsonObject("dependencies").getJsonObject(dependency).getString("status");
  }
}
