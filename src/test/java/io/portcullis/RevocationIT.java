package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.local.Part;
import io.portcullis.testing.Api;
import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import io.portcullis.testing.Trail;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Access taken back on one of two real nodes ends on both within a second, streams included. */
@Timeout(120)
final class RevocationIT {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static Revoking nodes;
  private static Trail trail;
  private static String oscar;

  @BeforeAll
  static void start() throws IOException {
    nodes = new Revoking();
    trail = new Trail(() -> TestNode.superuser(nodes.system));
    oscar = nodes.one.token("oscar");
  }

  @AfterAll
  static void stop() {
    nodes.close();
  }

  /** A token that is not from a second in which something was taken back. */
  private static String token(String user) {
    long second = Instant.now().getEpochSecond();
    Await.until("the next second", () -> Instant.now().getEpochSecond() > second);
    return nodes.one.token(user);
  }

  private static int me(TestNode node, String token) {
    return node.anonymous().as(token).get("/api/v1/me").status();
  }

  private static void awaitRefusedOnBoth(String token) {
    Await.until(
        () -> me(nodes.one, token) == 401 && me(nodes.two, token) == 401,
        SECOND,
        () -> me(nodes.one, token) + " and " + me(nodes.two, token));
  }

  private static Api.Answer revoke(String member, String value) {
    JsonObject body = new JsonObject().put(member, value).put("reason", "test");
    return nodes.admin(nodes.one, oscar).post("/admin/v1/revocations", body.encode());
  }

  @Test
  void user_isRefusedOnBothNodes_andItsStreamOnTheOtherEnds() throws IOException {
    String alice = token("alice");
    String bob = token("bob");
    try (RawHttp stream = nodes.begin(nodes.two, "/up/events", alice);
        RawHttp waiting = nodes.begin(nodes.two, "/up/slow", alice);
        RawHttp others = nodes.begin(nodes.two, "/up/events", bob)) {
      assertEquals(200, stream.readHead().status());
      assertEquals("data: 0\n\n", stream.readChunk());
      assertEquals(200, others.readHead().status());
      others.readChunk();
      Api.Answer done = revoke("user", Revoking.claim(alice, "sub"));
      assertEquals(201, done.status(), done.text());
      long begin = System.nanoTime();
      assertEquals("", stream.rest(), "no last chunk: it was cut off");
      assertTrue(System.nanoTime() - begin < SECOND.toNanos(), "the stream went on");
      assertEquals(401, waiting.read().status());
      assertTrue(System.nanoTime() - begin < SECOND.toNanos(), "the request went on");
      awaitRefusedOnBoth(alice);
      assertEquals(200, me(nodes.two, bob));
      assertEquals(200, me(nodes.two, token("alice")), "what is issued later holds");
      JsonObject event = trail.await(done.header("x-request-id"), e -> outcome(e, "success"));
      assertEquals("access.revoked", event.getString("type"));
      assertEquals(Revoking.claim(oscar, "sub"), event.getString("actor"));
      trail.await("answer.cut-off", e -> e.getString("actor").equals(Revoking.claim(alice, "sub")));
    }
  }

  @Test
  void push_lost_costsLessThanASecond() {
    String bob = token("bob");
    assertTrue(nodes.redis("CLIENT KILL TYPE pubsub").startsWith(":"));
    assertEquals(201, revoke("user", Revoking.claim(bob, "sub")).status());
    awaitRefusedOnBoth(bob);
  }

  @Test
  void session_byCommand_andANodeThatStartsKnows() {
    String alice = token("alice");
    String session = Revoking.claim(alice, "sid");
    Revoking.Ran ran = nodes.revoke("--session", session, "--reason", "stolen");
    assertEquals(0, ran.exitCode(), ran::err);
    assertEquals("revoked: session " + session, ran.out().strip());
    awaitRefusedOnBoth(alice);
    nodes.restartTwo();
    assertEquals(401, me(nodes.two, alice));
    assertEquals(200, me(nodes.two, token("alice")), "another login is another session");
    trail.await(
        session, e -> outcome(e, "success") && "command:revoke".equals(e.getString("actor")));
  }

  @Test
  void tenant_byName_isRefusedAsAWhole_andOthersAreNot() {
    String alice = token("alice");
    String bob = nodes.one.token("bob");
    assertEquals(0, nodes.revoke("--tenant", "acme").exitCode());
    awaitRefusedOnBoth(alice);
    assertEquals(200, me(nodes.one, bob));
  }

  @Test
  void redis_frozen_keepsWhatIsKnown() {
    String alice = token("alice");
    String bob = token("bob");
    assertEquals(201, revoke("user", Revoking.claim(alice, "sub")).status());
    awaitRefusedOnBoth(alice);
    nodes.system.signal(Part.REDIS, "STOP");
    try {
      assertEquals(503, revoke("user", Revoking.claim(bob, "sub")).status());
      assertEquals(401, me(nodes.one, alice));
      assertEquals(200, me(nodes.one, bob));
      nodes.one.awaitReady(report -> "stale".equals(TestNode.mode(report, "state")), PATIENCE);
    } finally {
      nodes.system.signal(Part.REDIS, "CONT");
    }
    nodes.one.awaitReady(report -> "serving".equals(TestNode.mode(report, "state")), PATIENCE);
  }

  @Test
  void everyKey_hasATtl() {
    assertEquals(201, revoke("user", "nobody").status());
    String least =
        nodes.redis(
            "EVAL \"local least = 9e15 for _, key in ipairs(redis.call('KEYS', '*')) do"
                + " least = math.min(least, redis.call('PTTL', key)) end return least\" 0");
    long hours = Duration.ofMillis(Long.parseLong(least.substring(1))).toHours();
    assertTrue(hours >= 11 && hours <= 12, least);
  }

  @Test
  void why_refused_isAnsweredByInterfaceAndCommand() {
    Api.Answer forbidden = nodes.one.anonymous().as(oscar).get("/api/v1/me");
    assertEquals(403, forbidden.status());
    String id = forbidden.header("x-request-id");
    Api admin = nodes.admin(nodes.two, oscar);
    Await.until(
        () -> admin.get("/admin/v1/audit?request_id=" + id).status() == 200,
        PATIENCE,
        () -> "the trail knows nothing of " + id);
    JsonObject answer = admin.get("/admin/v1/audit?request_id=" + id).json();
    JsonObject entry = answer.getJsonArray("entries").getJsonObject(0).getJsonObject("entry");
    assertEquals("organization-missing", entry.getString("reason"));
    assertEquals("organization", entry.getJsonObject("details").getString("claim"));
    Revoking.Ran ran = nodes.audit("why", id);
    assertEquals(0, ran.exitCode(), ran::err);
    for (String part :
        new String[] {
          "authorization.refused",
          "decision         refused",
          "rule             organization-missing",
          "claim            organization",
          "route            me",
          "actor            " + Revoking.claim(oscar, "sub")
        }) {
      assertTrue(ran.out().contains(part), () -> part + " is not in\n" + ran.out());
    }
    assertEquals(1, nodes.audit("why", "no-such-request").exitCode());
    assertEquals(2, nodes.audit("why", "not;an;id").exitCode());
    assertEquals(403, nodes.admin(nodes.one, token("bob")).get("/admin/v1/revocations").status());
  }

  private static boolean outcome(JsonObject event, String outcome) {
    return outcome.equals(event.getString("outcome"));
  }
}
