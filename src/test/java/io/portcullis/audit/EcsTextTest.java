package io.portcullis.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.portcullis.audit.AuditTail.Line;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.TenantId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EcsTextTest {
  private static Line line(String type, Outcome outcome, String reason, String client) {
    AuditEvent event =
        new AuditEvent(
            new UUID(1, 2),
            Instant.parse("2026-11-22T06:14:57.123456Z"),
            type,
            Weight.CRITICAL,
            Optional.of(new TenantId("acme000000000")),
            "alice",
            outcome,
            reason,
            "request-0001",
            AuditEvent.details(Map.of("client", client)));
    String body = new String(EventBody.encode(event, "n1"), StandardCharsets.UTF_8);
    return new Line(event.chain(), 7, body, "00ff");
  }

  @Test
  void entry_hasItsPlaceItsHashAndItsRequest() {
    JsonObject ecs = new JsonObject(line("login", Outcome.SUCCESS, "", "10.0.0.7").ecs());
    assertEquals("2026-11-22T06:14:57.123456Z", ecs.getString("@timestamp"));
    assertEquals("acme000000000", ecs.getString("portcullis.audit.chain"));
    assertEquals(7, ecs.getLong("event.sequence"));
    assertEquals("00ff", ecs.getString("event.hash"));
    assertEquals("request-0001", ecs.getString("http.request.id"));
    assertEquals("10.0.0.7", ecs.getString("source.ip"));
    assertEquals("n1", ecs.getString("service.node.name"));
    assertEquals("login success", ecs.getString("message"));
    assertFalse(ecs.containsKey("event.reason"), ecs::encode);
  }

  @ParameterizedTest
  @CsvSource({"SUCCESS, success", "REFUSED, failure", "FAILURE, failure", "REQUESTED, unknown"})
  void outcome_isOneThatEcsKnows(Outcome outcome, String expected) {
    assertEquals(
        expected, new JsonObject(line("x", outcome, "", "").ecs()).getString("event.outcome"));
  }

  @ParameterizedTest
  @CsvSource({
    "authentication.refused, authentication",
    "login.refused, authentication",
    "logout, authentication",
    "tenant.mismatch, iam",
    "waf.blocked, intrusion_detection",
    "node.started, "
  })
  void category_followsFromTheType(String type, String expected) {
    JsonObject ecs = new JsonObject(line(type, Outcome.REFUSED, "r", "").ecs());
    JsonArray wanted = expected == null ? null : new JsonArray().add(expected);
    assertEquals(wanted, ecs.getJsonArray("event.category"));
  }

  @ParameterizedTest
  @CsvSource({"unknown", "999", "…", "a:b:zz", "10.0.0.7;x"})
  void client_thatIsNoAddress_isADetailAlone(String client) {
    JsonObject ecs = new JsonObject(line("x", Outcome.REFUSED, "", client).ecs());
    assertFalse(ecs.containsKey("source.ip"), ecs::encode);
    assertEquals(client, ecs.getJsonObject("portcullis.audit.details").getString("client"));
  }

  @Test
  void hostileText_staysInItsLine() {
    String ecs = line("x", Outcome.REFUSED, "a\n{\"event.sequence\":1}\u0000", "").ecs();
    assertFalse(ecs.contains("\n"), ecs);
    assertEquals(7, new JsonObject(ecs).getLong("event.sequence"));
  }
}
