package io.portcullis.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EventBodyTest {
  private static final UUID ID = UUID.fromString("0198c0de-0000-7000-8000-000000000001");

  @Test
  void encode_anEvent_isThisText() {
    AuditEvent event =
        new AuditEvent(
            ID,
            Instant.parse("2026-01-02T03:04:05.000006Z"),
            "authentication.refused",
            Weight.CRITICAL,
            Optional.of(new TenantId("acme000000000")),
            "anonymous",
            Outcome.REFUSED,
            "token-expired",
            "r-1",
            new TreeMap<>(Map.of("route", "me", "address", "127.0.0.1")));
    assertEquals(
        "{\"actor\":\"anonymous\",\"at\":\"2026-01-02T03:04:05.000006Z\","
            + "\"chain\":\"acme000000000\",\"details\":{\"address\":\"127.0.0.1\","
            + "\"route\":\"me\"},\"id\":\"0198c0de-0000-7000-8000-000000000001\","
            + "\"node\":\"n1\",\"outcome\":\"refused\",\"reason\":\"token-expired\","
            + "\"request_id\":\"r-1\",\"type\":\"authentication.refused\",\"v\":1,"
            + "\"weight\":\"critical\"}",
        text(event));
  }

  @Test
  void columns_ofAnEncodedEvent_areItsFields() {
    AuditEvent event = event("a", Map.of());
    EventBody.Columns columns = EventBody.columns(text(event));
    assertEquals(event.id(), columns.eventId());
    assertEquals(event.at(), columns.at());
    assertEquals("platform", columns.chain());
  }

  @Test
  void encode_whatPostgresqlCannotKeep_isReplaced() {
    String body = text(event("a\0b\ud83dc\ude00", Map.of("k\0", "\0")));
    assertTrue(body.contains("\"actor\":\"a\ufffdb\ufffdc\ufffd\""), body);
    assertTrue(body.contains("{\"k\ufffd\":\"\ufffd\"}"), body);
    assertFalse(body.contains("\\u0000"));
  }

  @Test
  void encode_overlongTexts_areCutAndSaySo() {
    Map<String, String> details = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      details.put("key-%03d".formatted(i), "\u0001".repeat(5_000));
    }
    byte[] bytes = EventBody.encode(event("x".repeat(100_000), details), "n1");
    assertTrue(bytes.length < JournalRecord.MAX_PAYLOAD_BYTES, bytes.length + " bytes");
    String body = new String(bytes, StandardCharsets.UTF_8);
    assertTrue(body.contains("x…\""));
    assertTrue(body.contains("\"…\":\"68 more\""), body.substring(body.length() - 400));
  }

  @Test
  void encode_timesNobodyCanKeep_areBroughtWithinReach() {
    for (Instant at : new Instant[] {Instant.MIN, Instant.MAX}) {
      AuditEvent event =
          new AuditEvent(
              ID,
              at,
              "t",
              Weight.NORMAL,
              Optional.empty(),
              "a",
              Outcome.SUCCESS,
              "",
              "",
              new TreeMap<>());
      int year = EventBody.columns(text(event)).at().atOffset(ZoneOffset.UTC).getYear();
      assertTrue(year == 1 || year == 9999, "year " + year);
    }
  }

  @Test
  void encode_randomTexts_areAlwaysCanonicalAndStorable() {
    long seed = System.nanoTime();
    System.out.println("EventBodyTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noise = new StringBuilder();
      for (int c = random.nextInt(40); c > 0; c--) {
        noise.append((char) (random.nextBoolean() ? random.nextInt(0x80) : random.nextInt(65536)));
      }
      String body = text(event(noise.toString(), Map.of("a" + noise, noise.toString())));
      assertTrue(EventBody.canonical(body), body);
      assertEquals(ID, EventBody.columns(body).eventId());
    }
  }

  @Test
  void canonical_anotherFormOfTheSame_isNot() {
    String body = text(event("a", Map.of()));
    assertTrue(EventBody.canonical(body));
    assertFalse(EventBody.canonical(body.replace(",", ", ")));
    assertFalse(EventBody.canonical(body.replace("\"v\":1", "\"v\":1.0")));
    assertFalse(EventBody.canonical(body.replace("\"v\":1", "\"v\":null")));
    assertFalse(EventBody.canonical(body.replace("{\"actor\"", "{\"actor\":\"b\",\"actor\"")));
    assertFalse(EventBody.canonical("[1]"));
    assertFalse(EventBody.canonical("x"));
  }

  @Test
  void columns_notAnEvent_isRefused() {
    for (String body :
        new String[] {"", "{}", "null", "{\"id\":1,\"at\":2,\"chain\":3}", "\ufffd"}) {
      assertThrows(IllegalArgumentException.class, () -> EventBody.columns(body), body);
    }
  }

  @Test
  void critical_theFactory_makesOrderedIdsAndMicroseconds() {
    Instant now = Instant.parse("2026-01-02T03:04:05.123456789Z");
    AuditEvents events = new AuditEvents(Clock.fixed(now, ZoneOffset.UTC));
    AuditEvent event =
        events.critical("a", Optional.empty(), "b", Outcome.SUCCESS, "", "", Map.of());
    assertEquals(7, event.id().version());
    assertEquals(Instant.parse("2026-01-02T03:04:05.123456Z"), event.at());
    assertEquals(Weight.CRITICAL, event.weight());
    assertEquals(
        Weight.NORMAL,
        events.normal("a", Optional.empty(), "b", Outcome.SUCCESS, "", "", Map.of()).weight());
  }

  private static AuditEvent event(String actor, Map<String, String> details) {
    return new AuditEvent(
        ID,
        Instant.parse("2026-01-02T03:04:05.000006Z"),
        "test",
        Weight.NORMAL,
        Optional.empty(),
        actor,
        Outcome.SUCCESS,
        "",
        "",
        new TreeMap<>(details));
  }

  private static String text(AuditEvent event) {
    return new String(EventBody.encode(event, "n1"), StandardCharsets.UTF_8);
  }
}
