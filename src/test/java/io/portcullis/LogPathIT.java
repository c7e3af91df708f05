package io.portcullis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.audit.AuditTail;
import io.portcullis.local.TestSystem;
import io.portcullis.logs.LogStore;
import io.portcullis.logs.Panels;
import io.portcullis.operate.CapturedLog;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.testing.Await;
import io.portcullis.testing.EdgeClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The way of the logs: lines of the real Nginx, the real firewall and the real node, and entries of
 * the real trail, through our reading of Logstash's pipelines, into a real OpenSearch node that has
 * our templates.
 */
@Timeout(240)
final class LogPathIT {
  private static final String ATTACK =
      "/api/v1/me?q=1%27%20UNION%20SELECT%20password%20FROM%20users--";

  private static final List<String> KINDS =
      List.of("audit", "gateway", "keycloak", "monitoring", "nginx", "postgresql", "redis", "waf");

  private static LogStore store;
  private static WholePath path;
  private static CapturedLog gateway;
  private static Vertx vertx;
  private static AuditTail trail;
  private static Path masked;
  private static final List<AuditTail.Line> ENTRIES = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException {
    store = LogStore.start("log-store");
    Path folder = TestSystem.scratch("log-waf");
    masked = folder.resolve("waf.json");
    Path raw = Path.of("target/scratch/log-path-" + ProcessHandle.current().pid());
    path =
        new WholePath(
            "log-path",
            "REDIS_DATABASE", // the same users ask in other tests of this minute
            "6",
            "WAF_AUDIT_LOG",
            raw.resolve("logs/waf-raw.json").toAbsolutePath().toString(),
            "WAF_MASKED_LOG",
            masked.toString());
    gateway = new CapturedLog("io.portcullis", path.node.config.node());
    vertx = Vertx.vertx();
    PlatformDatabase platform = new PlatformDatabase(vertx, path.node.config.postgres());
    trail = new AuditTail(new ChainAdapter(platform), Optional.empty());
    ENTRIES.addAll(trail.newest(0));
    store.prepare();
    warmUp();
  }

  /** The first request of a JVM takes seconds on a busy machine; no test is about that. */
  private static void warmUp() {
    String token = "Bearer " + path.node.token("alice");
    Await.until(
        () -> path.client().get("/api/v1/me", "Authorization", token).statusCode() == 200,
        Duration.ofSeconds(60),
        () -> "no answer");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    path.close();
    store.close();
    Await.value(vertx.close());
  }

  @Test
  void refusedRequest_isFoundByItsId_atEdgeInGatewayAndTrail() {
    String token = "Bearer " + path.node.token("alice");
    HttpResponse<String> refused =
        path.client().get("/api/v1/me", "Authorization", token, "X-Tenant", "globex");
    assertEquals(403, refused.statusCode(), refused.body());
    String id = refused.headers().firstValue("x-request-id").orElseThrow();
    store.send("pc.nginx", line(path.edge.accessLog(), id));
    Await.until("a line of the gateway", () -> !gateway.containing(id).isEmpty());
    gateway.containing(id).forEach(line -> assertEquals(201, store.send("pc.gateway", line)));
    assertEquals(201, store.send("pc.audit", entry(id)));

    JsonObject access = only("logs-portcullis.access-*", id);
    assertEquals(403, access.getInteger("http.response.status_code"));
    assertEquals("/api/v1/me", access.getString("url.path"));
    assertEquals(false, access.getBoolean("tls.resumed"));
    JsonObject told = only("logs-portcullis.gateway-*", id);
    assertEquals("request.refused", told.getString("event.action"));
    assertEquals("me", told.getString("portcullis.route"));
    JsonObject recorded = only("logs-portcullis.audit-*", id);
    assertEquals("tenant.mismatch", recorded.getString("event.action"));
    assertEquals(told.getString("event.reason"), recorded.getString("event.reason"));
    assertTrue(recorded.getString("event.hash").matches("[0-9a-f]{64}"), recorded::encode);
    List<JsonObject> everywhere = store.find("logs-portcullis.*", "http.request.id", id);
    assertEquals(3, everywhere.size(), everywhere::toString);
    everywhere.forEach(found -> assertFalse(found.encode().contains(token), "a token in a log"));
  }

  @Test
  void blockedRequest_isFoundByItsId_atEdgeInFirewallAndTrail() {
    HttpResponse<String> blocked = path.client().get(ATTACK);
    assertEquals("request-blocked", EdgeClient.problem(blocked));
    String id = blocked.headers().firstValue("x-request-id").orElseThrow();
    store.send("pc.nginx", line(path.edge.accessLog(), id));
    String waf = line(masked, id);
    assertEquals(201, store.send("pc.waf", waf));
    assertEquals(409, store.send("pc.waf", waf), "sent again, it is there already");
    assertEquals(201, store.send("pc.audit", entry(id)));

    only("logs-portcullis.access-*", id);
    JsonObject firewall = only("logs-portcullis.waf-*", id);
    assertEquals("waf.blocked", firewall.getString("event.action"));
    JsonObject recorded = only("logs-portcullis.audit-*", id);
    assertEquals("waf.blocked", recorded.getString("event.action"));
    assertEquals("127.0.0.1", recorded.getString("source.ip"));
    assertEquals(3, store.find("logs-portcullis.*", "http.request.id", id).size());
  }

  @Test
  void entryOfTheTrail_thatIsSentAgain_isThereOnce() {
    HttpResponse<String> refused = path.client().get("/api/v1/me", "Authorization", "Bearer x");
    String id = refused.headers().firstValue("x-request-id").orElseThrow();
    String entry = entry(id);
    assertEquals(201, store.send("pc.audit", entry));
    assertEquals(409, store.send("pc.audit", entry));
    only("logs-portcullis.audit-*", id);
  }

  @Test
  void linesOfAllServices_areTaken_andDashboardsCanAskForThem() {
    for (String kind : KINDS) {
      assertTrue(store.sendKept(kind) > 0, kind);
    }
    assertEquals(
        1, store.find("logs-portcullis.keycloak-*", "event.reason", "user_not_found").size());
    store.refresh();
    for (Panels.Panel panel : Panels.all()) {
      store.table(panel.index(), panel.fields());
    }
    assertFalse(store.table("logs-portcullis.*", List.of("data_stream.dataset")).isEmpty());
  }

  @Test
  void lineWithAFieldThatNobodyNamed_isRefused_soThatItCanBePutAside() {
    assertEquals(400, store.send("pc.gateway", "{\"message\":\"x\",\"unheard.of\":1}"));
    assertEquals(400, store.send("pc.gateway", "{\"message\":\"x\",\"event.duration\":\"quick\"}"));
  }

  private static JsonObject only(String index, String id) {
    List<JsonObject> found = store.find(index, "http.request.id", id);
    assertEquals(1, found.size(), () -> index + ": " + found);
    return found.getFirst();
  }

  /** The line of a request in a file, once it is there. */
  private static String line(Path file, String id) {
    List<String> found = new ArrayList<>();
    Await.until(
        () -> {
          found.clear();
          try (var lines = Files.lines(file)) {
            lines.filter(line -> line.contains(id)).forEach(found::add);
          } catch (IOException notYet) {
            return false;
          }
          return !found.isEmpty();
        },
        Duration.ofSeconds(10),
        () -> file + " has nothing of " + id);
    return found.getFirst();
  }

  /** The entry of a request as the service audit-tail prints it, once it is in its chain. */
  private static synchronized String entry(String id) {
    Await.until(
        () -> {
          ENTRIES.addAll(trail.more());
          return ENTRIES.stream().anyMatch(line -> line.body().contains(id));
        },
        Duration.ofSeconds(20),
        () -> "the trail has nothing of " + id);
    return ENTRIES.stream().filter(l -> l.body().contains(id)).findFirst().orElseThrow().ecs();
  }
}
