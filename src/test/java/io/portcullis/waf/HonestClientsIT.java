package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What browsers, SDKs and analytics put into headers, and people into ordinary fields. */
@Timeout(120)
final class HonestClientsIT {
  private static final Path FOLDER = Path.of("src/test/resources/waf/honest");
  private static final String REPORTS = "/api/v1/reports";
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private static WafEdge edge;

  @BeforeAll
  static void start() {
    edge = WafEdge.ours("waf-clients");
  }

  @AfterAll
  static void stop() {
    edge.close();
  }

  @Test
  void headers_ofRealClients_pass() throws IOException {
    List<String> requests = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve("headers.jsonl"))) {
      Map<String, String> headers = new LinkedHashMap<>();
      new JsonObject(line).forEach(h -> headers.put(h.getKey(), (String) h.getValue()));
      requests.add(Attack.request("GET", "/api/v1/me", headers, ""));
    }
    assertTrue(requests.size() > 100);
    assertEquals(List.of(), refused(requests));
  }

  @Test
  void targets_ofRealClients_pass() throws IOException {
    List<String> requests = new ArrayList<>();
    for (String target : Files.readAllLines(FOLDER.resolve("targets.txt"))) {
      requests.add(Attack.request("GET", target, Map.of(), ""));
    }
    assertEquals(List.of(), refused(requests));
  }

  @Test
  void ordinaryFields_withNamesAndProse_pass() throws IOException {
    List<String> requests = new ArrayList<>();
    for (String line : Files.readAllLines(FOLDER.resolve("fields.jsonl"))) {
      requests.add(Attack.request("POST", REPORTS, JSON, "{\"description\":" + line + "}"));
    }
    assertTrue(requests.size() > 60);
    assertEquals(List.of(), refused(requests));
  }

  @Test
  void values_beyondTheBounds_areRefusedAndAtThemPass() {
    assertEquals(200, fields(200, "word"));
    assertEquals(403, fields(201, "word"));
    assertEquals(200, fields(1, "word ".repeat(1_600)));
    assertEquals(403, fields(1, "word ".repeat(1_640)));
    assertEquals(403, fields(3, "word ".repeat(1_200)), "17 KiB together");
    assertEquals(403, fields(1_100, "x"), "more values than are counted");
    assertEquals(403, status("Cookie", "a=1; ".repeat(65)));
  }

  @Test
  void messages_ofAnySizeTheGatewayTakes_pass() {
    String long32k = new JsonObject().put("content", "word ".repeat(6_400)).encode();
    String path = "/api/v1/conversations/0198c0de-0000-7000-8000-000000000001/messages";
    assertEquals(200, edge.status(Attack.request("POST", path, JSON, long32k)));
    String turns = "{\"role\":\"user\",\"content\":\"" + "word ".repeat(800) + "\"},";
    String body = "{\"messages\":[" + turns.repeat(240) + "{\"role\":\"user\",\"content\":\"x\"}]}";
    assertEquals(200, edge.status(Attack.request("POST", "/ai/v1/chat/completions", JSON, body)));
    String role = body.replaceFirst("\"user\"", "\"user'; drop\"");
    assertEquals(403, edge.status(Attack.request("POST", "/ai/v1/chat/completions", JSON, role)));
  }

  @Test
  void rawAuditLog_isItsOwnersAlone() throws IOException {
    assertEquals(403, status("User-Agent", "sqlmap/1.8"));
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(edge.rawLog())));
    assertTrue(Files.size(edge.rawLog()) > 0, "workers can write it");
  }

  private static int fields(int count, String value) {
    JsonObject body = new JsonObject();
    for (int i = 0; i < count; i++) {
      body.put("a" + i, value);
    }
    return edge.status(Attack.request("POST", REPORTS, JSON, body.encode()));
  }

  private static int status(String header, String value) {
    return edge.status(Attack.request("GET", "/api/v1/me", Map.of(header, value), ""));
  }

  /** Refused by the firewall; 304 and 412 are honest answers to conditional requests. */
  private static List<String> refused(List<String> requests) {
    List<Integer> statuses = edge.statuses(requests);
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < statuses.size(); i++) {
      int status = statuses.get(i);
      if (status != 200 && status != 304 && status != 412) {
        refused.add(status + " " + requests.get(i));
      }
    }
    return refused;
  }
}
