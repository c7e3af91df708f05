package io.portcullis.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.logs.Shipping.Shipped;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines as the services wrote them, through our reading of the pipelines. */
final class PipelinesTest {
  static List<Shipped> shipped(String kind) {
    try {
      return Files.readAllLines(Path.of("src/test/resources/loglines", kind + ".log")).stream()
          .map(line -> Shipping.ship("pc." + kind, "portcullis-" + kind + "-1", line))
          .toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject one(String kind, String text) {
    List<JsonObject> found =
        shipped(kind).stream()
            .map(Shipped::document)
            .filter(document -> document.encode().contains(text))
            .toList();
    assertEquals(1, found.size(), () -> text + " in " + found);
    return found.getFirst();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit",
        "gateway",
        "keycloak",
        "monitoring",
        "nginx",
        "postgresql",
        "redis",
        "waf"
      })
  void documents_haveOnlyFieldsOfTheirTemplates(String kind) {
    for (Shipped line : shipped(kind)) {
      JsonObject document = line.document();
      String dataset = document.getString("data_stream.dataset");
      String month = document.getString("@timestamp").substring(0, 7).replace('-', '.');
      String namespace = kind.equals("audit") ? month : "default";
      assertEquals("logs-" + dataset + "-" + namespace, line.index());
      assertEquals(dataset, document.getString("event.dataset"));
      assertEquals("portcullis-" + kind + "-1", document.getString("container.name"));
      LogFilesTest.assertSubset(Fields.of(document), dataset);
    }
  }

  @Test
  void keycloaksEvents_sayWhoAndWhence_butNotWhatWasTyped() {
    JsonObject failed = one("keycloak", "user_not_found");
    assertEquals("LOGIN_ERROR", failed.getString("event.action"));
    assertEquals("failure", failed.getString("event.outcome"));
    assertEquals("127.0.0.1", failed.getString("source.ip"));
    assertEquals("authentication", failed.getString("event.category"));
    assertNull(failed.getString("user.id"));
    assertFalse(failed.encode().contains("hunter2typed"), failed::encode);
    JsonObject done = one("keycloak", "event LOGIN\"");
    assertEquals("success", done.getString("event.outcome"));
    assertEquals("3330567b-11ee-42b1-afe3-036d5b6e8695", done.getString("user.id"));
    JsonObject broken = one("keycloak", "Uncaught");
    assertEquals("java.lang.IllegalStateException", broken.getString("error.type"));
    assertEquals("no database", broken.getString("error.message"));
  }

  @Test
  void postgresqlsErrors_haveNeitherStatementNorRow() {
    JsonObject error = one("postgresql", "duplicate key");
    assertFalse(error.encode().contains("diary"), error::encode);
    assertEquals("ERROR", error.getString("log.level"));
    assertEquals("23505", error.getString("error.code"));
    assertEquals("2026-11-22T06:50:41.952Z", error.getString("@timestamp"));
    assertEquals("172.20.0.5", error.getString("source.address"));
    assertTrue(one("postgresql", "redirecting").getString("message").startsWith("2026-11-22"));
  }

  @Test
  void linesOfRedis_haveTimeLevelAndRole() {
    JsonObject ready = one("redis", "Ready to accept");
    assertEquals("2026-11-22T06:47:05.532Z", ready.getString("@timestamp"));
    assertEquals("Ready to accept connections", ready.getString("message"));
    assertEquals("notice", ready.getString("log.level"));
    assertEquals("M", ready.getString("redis.role"));
    assertEquals("11204", ready.getString("process.pid"));
    assertTrue(one("redis", "SIGTERM").getString("message").startsWith("11204:signal-handler"));
  }

  @Test
  void linesOfNginx_areRequestsOrItsOwn() {
    JsonObject own = one("nginx", "start worker");
    assertEquals("portcullis.edge", own.getString("data_stream.dataset"));
    assertEquals("notice", own.getString("log.level"));
    assertEquals("2026-11-22T06:14:57Z", own.getString("@timestamp"));
    assertEquals("edge.reload", one("nginx", "new certificates").getString("event.action"));
    assertEquals("edge: EDGE_API_HOST is not set", one("nginx", "API_HOST").getString("message"));
  }

  @Test
  void linesOfTheFirewall_areKnownAgain() {
    Shipped first = shipped("waf").getFirst();
    assertEquals(first, shipped("waf").getFirst());
    assertTrue(first.id().matches("[0-9a-f]{64}"), first.id());
    assertNull(first.document().getString("message"));
  }

  @Test
  void linesOfTheMonitoring_haveTheirMessage() {
    JsonObject error = one("monitoring", "Error sending");
    assertEquals("connection refused", error.getString("error.message"));
    assertEquals("2026-11-22T06:14:57.123456789Z", error.getString("@timestamp"));
    assertTrue(one("monitoring", "mtail").getString("message").contains("main.go"));
  }

  @Test
  void entriesOfTheTrail_areKnownByChainAndNumber_inTheStreamOfTheirMonth() {
    List<Shipped> entries = shipped("audit");
    assertEquals("acme000000000-7", entries.getFirst().id());
    assertEquals("logs-portcullis.audit-2026.11", entries.getFirst().index());
    assertEquals("logs-portcullis.audit-2026.10", entries.getLast().index());
  }

  @Test
  void anyService_withoutAPipeline_isKeptAllTheSame() {
    Shipped line = Shipping.ship("pc.unheard", "x", "hello");
    assertEquals("logs-portcullis.monitoring-default", line.index());
    assertEquals("hello", line.document().getString("message"));
    assertEquals(new JsonArray().add("pc.unheard"), line.document().getJsonArray("tags"));
  }
}
