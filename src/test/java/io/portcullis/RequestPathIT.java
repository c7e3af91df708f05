package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Api;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One test per row of the request path, on real parts. */
final class RequestPathIT {
  private static TestNode node;
  private static Trail trail;
  private static Api alice;
  private static Api bob;

  @BeforeAll
  static void start() {
    node = TestNode.start("path");
    trail = new Trail(() -> TestNode.superuser(node.system));
    alice = node.as("alice");
    bob = node.as("bob");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void me_ofAlice_saysWhoSheIs() {
    Api.Answer answer = alice.get("/api/v1/me");
    assertEquals(200, answer.status());
    JsonObject me = answer.json();
    assertEquals("acme", me.getString("tenant"));
    assertEquals("alice", me.getString("username"));
    assertTrue(me.getJsonArray("roles").contains("user"), me.encode());
    assertTrue(me.containsKey("session"));
    assertEquals("no-store", answer.header("cache-control"));
    assertFalse(answer.header("x-request-id").isEmpty());
    assertTrue(answer.header("ratelimit-policy").contains("\"per-user\";q="), "policies are told");
    assertTrue(answer.header("ratelimit").contains("\"per-user\";r="), "what is left is told");
  }

  @Test
  void requestId_ofAnUntrustedCaller_isNotTaken() {
    Api.Answer answer = alice.get("/api/v1/me", "x-request-id", "chosen-by-the-caller");
    assertFalse(answer.header("x-request-id").contains("chosen"));
  }

  @Test
  void conversation_ofAlice_isHersAndNobodyElses() {
    Api.Answer created = alice.post("/api/v1/conversations", "{\"title\":\"Plans\"}");
    assertEquals(201, created.status(), created.text());
    String id = created.json().getString("id");
    assertEquals("/api/v1/conversations/" + id, created.header("location"));
    JsonArray items = alice.get("/api/v1/conversations").json().getJsonArray("items");
    assertTrue(items.stream().anyMatch(item -> ((JsonObject) item).getString("id").equals(id)));
    Api.Answer foreign = bob.get("/api/v1/conversations/" + id);
    assertEquals(404, foreign.status());
    assertEquals("not-found", foreign.problem());
    assertEquals(404, bob.delete("/api/v1/conversations/" + id).status());
    assertEquals(404, bob.patch("/api/v1/conversations/" + id, "{\"title\":\"Mine\"}").status());
    assertEquals(200, alice.get("/api/v1/conversations/" + id).status());
  }

  @Test
  void message_postedAndListed_isStored() {
    String id = conversation("Messages");
    String path = "/api/v1/conversations/" + id + "/messages";
    Api.Answer posted = alice.post(path, "{\"content\":\"Hello, Grüße, 你好 🙂\"}");
    assertEquals(201, posted.status(), posted.text());
    assertEquals("Hello, Grüße, 你好 🙂", posted.json().getString("content"));
    JsonArray items = alice.get(path).json().getJsonArray("items");
    assertEquals(1, items.size());
    assertEquals(404, bob.get(path).status());
    assertEquals(404, bob.post(path, "{\"content\":\"x\"}").status());
  }

  @Test
  void list_byPages_givesEachOnce() {
    List<String> created = new ArrayList<>();
    Api ada = node.as("ada");
    for (int i = 0; i < 7; i++) {
      created.add(ada.post("/api/v1/conversations", "{\"title\":\"Page\"}").json().getString("id"));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page = ada.get("/api/v1/conversations?limit=3" + cursor).json();
      page.getJsonArray("items").forEach(item -> seen.add(((JsonObject) item).getString("id")));
      String next = page.getString("next_cursor");
      cursor = next == null ? "" : "&cursor=" + next;
    } while (!cursor.isEmpty());
    assertTrue(seen.containsAll(created));
    assertEquals(seen.size(), Set.copyOf(seen).size(), "nothing twice");
  }

  @Test
  void create_withTheSameKeyTwice_createsOnce() {
    String key = UUID.randomUUID().toString();
    Api.Answer first =
        alice.post("/api/v1/conversations", "{\"title\":\"Once\"}", "idempotency-key", key);
    Api.Answer again =
        alice.post("/api/v1/conversations", "{\"title\":\"Once\"}", "idempotency-key", key);
    assertEquals(first.json().getString("id"), again.json().getString("id"));
    Api.Answer other =
        alice.post("/api/v1/conversations", "{\"title\":\"Other\"}", "idempotency-key", key);
    assertEquals("conflict", other.problem());
  }

  @Test
  void delete_leavesItsTraceBeforeAndAfter() {
    String id = conversation("Gone");
    Api.Answer deleted = alice.delete("/api/v1/conversations/" + id);
    assertEquals(204, deleted.status());
    String request = deleted.header("x-request-id");
    trail.await(request, entry -> entry.encode().contains("requested"));
    JsonObject done = trail.await(request, entry -> entry.encode().contains("success"));
    assertTrue(done.encode().contains(id), done.encode());
    assertEquals(404, alice.get("/api/v1/conversations/" + id).status());
  }

  @ParameterizedTest
  @CsvSource({
    "'{\"title\":\"a\",\"title\":\"b\"}', 400, invalid-request, title",
    "'{\"title\":\"a\"} x', 400, invalid-request, line 1",
    "'{\"title\":', 400, invalid-request, line 1",
    "'{}', 400, invalid-request, title",
    "'{\"title\":7}', 400, invalid-request, title",
    "'{\"title\":\"a\",\"colour\":1}', 400, invalid-request, colour",
    "'[]', 400, invalid-request, object",
    "'{\"title\":\"\\ud800\"}', 400, invalid-request, surrogate",
    "'{\"title\":\"\\u0000\"}', 400, invalid-request, title"
  })
  void body_thatIsWrong_isNamed(String body, int status, String problem, String named) {
    Api.Answer answer = alice.post("/api/v1/conversations", body);
    assertEquals(status, answer.status(), answer.text());
    assertEquals(problem, answer.problem());
    assertTrue(answer.json().getString("detail").contains(named), answer.text());
    assertEquals(answer.header("x-request-id"), answer.json().getString("request_id"));
    assertEquals("/api/v1/conversations", answer.json().getString("instance"));
  }

  @Test
  void body_ofTheWrongTypeOrSize_isRefused() {
    assertEquals(
        "unsupported-media-type",
        alice.post("/api/v1/conversations", "title=x", "content-type", "text/plain").problem());
    Api.Answer large = alice.post("/api/v1/conversations", "{\"title\":\"" + "x".repeat(2_000_000));
    assertEquals(413, large.status());
    assertEquals("payload-too-large", large.problem());
  }

  @Test
  void path_unknownOrAmbiguous_isRefused() {
    assertEquals("not-found", alice.get("/api/v2/me").problem());
    assertEquals("not-found", alice.get("/admin/v1/tenants").problem());
    Api.Answer method = alice.send("PUT", "/api/v1/me", Optional.of("{}"));
    assertEquals("method-not-allowed", method.problem());
    assertEquals("GET", method.header("allow"));
    assertEquals(400, alice.get("/api/v1//me").status());
    assertEquals(400, alice.get("/api/v1/me;x=1").status());
    assertEquals(400, alice.get("/api/v1/%6de%2e").status());
    assertEquals("invalid-request", alice.get("/api/v1/conversations?limit=0").problem());
    assertEquals("invalid-request", alice.get("/api/v1/conversations?cursor=zzz").problem());
    assertEquals("invalid-request", alice.get("/api/v1/conversations?colour=red").problem());
    assertEquals("invalid-request", alice.get("/api/v1/conversations?limit=1&limit=2").problem());
    assertEquals("not-found", alice.get("/api/v1/conversations/not-a-uuid").problem());
  }

  @Test
  void tenant_namedOtherwise_isAMismatchAndAnEvent() {
    assertEquals(200, alice.get("/api/v1/me", "x-tenant", "acme").status());
    Api.Answer other = alice.get("/api/v1/me", "x-tenant", "globex");
    assertEquals(403, other.status());
    assertEquals("tenant-mismatch", other.problem());
    JsonObject entry =
        trail.await(
            other.header("x-request-id"), body -> body.encode().contains("tenant.mismatch"));
    assertTrue(entry.encode().contains("tenant-mismatch-header"), entry.encode());
  }

  @Test
  void openapi_isServedToAnybody() {
    Api.Answer answer = node.anonymous().get("/openapi.json");
    assertEquals(200, answer.status());
    assertTrue(answer.json().getString("openapi").startsWith("3.1."));
  }

  @Test
  void quota_countsWhatIsUsed() {
    Api fresh = node.as(user("acme", "user"));
    assertEquals(299, remaining(fresh));
    assertEquals(298, remaining(fresh));
  }

  @Test
  void health_saysHowEachDependencyIs() {
    JsonObject ready = node.ready();
    assertEquals("up", ready.getString("status"));
    assertEquals("fresh", TestNode.mode(ready, "identity-provider"));
    assertEquals("redis", TestNode.mode(ready, "redis"));
    assertEquals("durable", TestNode.mode(ready, "audit"));
    assertEquals(200, node.management("/health/live").status());
    assertEquals(200, node.management("/health/started").status());
    alice.get("/api/v1/me");
    String metrics = node.management("/metrics").text();
    for (String name :
        List.of(
            "portcullis_requests_seconds_bucket",
            "portcullis_requests_in_flight",
            "portcullis_auth_total",
            "portcullis_token_cache_total",
            "portcullis_jwks_refresh_total",
            "portcullis_jwks_age_seconds",
            "portcullis_limit_decisions_total",
            "portcullis_limit_redis_calls_total",
            "portcullis_tenant_session_seconds",
            "portcullis_tenant_isolation_violation_total",
            "portcullis_audit_events_total",
            "portcullis_audit_lag_seconds",
            "portcullis_audit_lost_total",
            "jvm_memory_used_bytes")) {
      assertTrue(metrics.contains(name), name + " is missing");
    }
  }

  @Test
  void limit_usedUp_is429WithTheWayBack() {
    Api limited = node.as(user("globex", "user"));
    int admitted = 0;
    Api.Answer answer = limited.get("/api/v1/me");
    while (answer.status() == 200 && admitted < 400) {
      admitted++;
      answer = limited.get("/api/v1/me");
    }
    assertEquals(429, answer.status());
    assertTrue(admitted <= 300 && admitted >= 280, "admitted " + admitted + " of 300");
    assertEquals("quota-exceeded", answer.problem());
    assertTrue(Long.parseLong(answer.header("retry-after")) >= 1);
    assertTrue(answer.header("ratelimit").contains("\"per-user\";r=0"), answer.header("ratelimit"));
    trail.await(answer.header("x-request-id"), entry -> entry.encode().contains("limit.exceeded"));
    Api.Answer again = limited.get("/api/v1/me");
    assertEquals(429, again.status());
    assertEquals(0, trail.containing(again.header("x-request-id")).size(), "one event a window");
    assertEquals(200, bob.get("/api/v1/me").status(), "a neighbour is not touched");
  }

  /** A user whose limits nobody else uses up. */
  private static String user(String tenant, String role) {
    String name = "user-" + UUID.randomUUID();
    node.system.admin().createUser("portcullis", name, name, role);
    node.system.admin().addMember("portcullis", tenant, name);
    return name;
  }

  private static long remaining(Api api) {
    JsonArray limits = api.get("/api/v1/quota").json().getJsonArray("limits");
    for (Object each : limits) {
      JsonObject limit = (JsonObject) each;
      if ("per-user".equals(limit.getString("policy"))) {
        return limit.getLong("remaining");
      }
    }
    throw new AssertionError(limits.encode());
  }

  private static String conversation(String title) {
    return alice
        .post("/api/v1/conversations", new JsonObject().put("title", title).encode())
        .json()
        .getString("id");
  }
}
