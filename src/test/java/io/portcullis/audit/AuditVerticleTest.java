package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.await;
import static io.portcullis.audit.JournalFixture.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.portcullis.audit.AuditStatus.Mode;
import io.portcullis.config.AuditConfig;
import io.portcullis.config.NodeConfig;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.portcullis.model.TenantId;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditVerticleTest {
  private static final String ACME = "acme000000000";

  private final NodeConfig node;
  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeChainDatabase database = new FakeChainDatabase();
  private final AuditEvents events = new AuditEvents(Clock.systemUTC());
  private AuditConfig config = JournalFixture.config();
  private AuditTrail trail = new AuditTrail(vertx, config, meters);

  AuditVerticleTest(@TempDir Path temp) {
    this.node = new NodeConfig("n1", "test", temp);
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private AuditVerticle deploy() {
    AuditVerticle verticle = new AuditVerticle(trail, node, config, database, Clock.systemUTC());
    await(
        vertx.deployVerticle(
            verticle, new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD)));
    return verticle;
  }

  private AuditEvent critical() {
    return events.critical(
        "login",
        Optional.of(new TenantId(ACME)),
        "alice",
        Outcome.SUCCESS,
        "",
        "r-1",
        Map.of("text", "x".repeat(300)));
  }

  private AuditEvent normal() {
    // Larger than a critical one, so that it has no room either where that has none.
    return events.normal(
        "read",
        Optional.of(new TenantId(ACME)),
        "alice",
        Outcome.SUCCESS,
        "",
        "r-1",
        Map.of("text", "x".repeat(400)));
  }

  private List<String> types(String chain) {
    return database.of(chain).stream()
        .map(e -> e.body().replaceAll(".*\"type\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  private void assertIntact(String chain) {
    assertEquals(Optional.empty(), new ChainVerifier(database).verify(chain).problem());
  }

  private static void assertUnavailable(Future<Void> recorded) {
    Rejection rejection = assertThrows(Rejection.class, () -> await(recorded));
    assertEquals(Problem.DEPENDENCY_UNAVAILABLE, rejection.problem());
    assertEquals("audit-unavailable", rejection.reason());
  }

  @Test
  void record_anEvent_reachesTheChainBetweenStartAndStop() {
    AuditVerticle verticle = deploy();
    await(trail.record(critical()));
    await(trail.record(normal()));
    until("chained", () -> database.of(ACME).size() == 2);
    assertEquals(Mode.DURABLE, verticle.status().mode());
    await(vertx.undeploy(verticle.deploymentID()));
    assertEquals(List.of("node.started", "node.stopped"), types("platform"));
    assertTrue(database.of("platform").getFirst().body().contains("\"actor\":\"node:n1\""));
    assertTrue(database.of(ACME).getFirst().body().contains("\"node\":\"n1\""));
    assertIntact(ACME);
    assertEquals(
        3,
        meters.counter("portcullis.audit.events", "class", "critical").count(),
        "with start and stop");
    assertEquals(1, meters.counter("portcullis.audit.events", "class", "normal").count());
    assertEquals(0, meters.counter("portcullis.audit.lost").count());
    assertTrue(meters.get("portcullis.audit.journal.bytes").gauge().value() > 0);
    assertEquals(0, meters.get("portcullis.audit.lag.seconds").gauge().value());
  }

  @Test
  void record_databaseAway_isStillDurableAndChainedLater() {
    database.failAt(1, new IllegalStateException("connection refused"));
    AuditVerticle verticle = deploy();
    await(trail.record(critical()));
    until("noticed", () -> verticle.status().mode() == Mode.JOURNAL_ONLY);
    assertTrue(verticle.status().backlogBytes() > 0);
    until("lag", () -> verticle.status().lagSeconds() > 0);
    database.work();
    until("chained", () -> database.of(ACME).size() == 1);
    until("noticed", () -> verticle.status().mode() == Mode.DURABLE);
    until("empty", () -> verticle.status().backlogBytes() == 0);
    assertEquals(0, verticle.status().lagSeconds());
  }

  @Test
  void stop_databaseAway_leavesTheRestForTheNextStart() {
    database.failAt(1, new IllegalStateException("connection refused"));
    AuditVerticle first = deploy();
    await(trail.record(critical()));
    await(vertx.undeploy(first.deploymentID()));
    assertEquals(List.of(), database.of(ACME));
    assertUnavailable(trail.record(critical()));
    database.work();
    deploy();
    until("chained", () -> database.of(ACME).size() == 2);
    until("all", () -> database.of("platform").size() == 3);
    assertEquals(List.of("node.started", "node.stopped", "node.started"), types("platform"));
    assertEquals(List.of("login", "audit.gap"), types(ACME));
    assertIntact(ACME);
  }

  @Test
  void record_nobodyListens_isUnavailableAndCounted() {
    assertUnavailable(trail.record(critical()));
    assertUnavailable(trail.record(normal()));
    assertEquals(1, meters.counter("portcullis.audit.unrecorded", "class", "critical").count());
    deploy();
    until("told", () -> types(ACME).contains("audit.gap"));
    String gap = database.of(ACME).getFirst().body();
    assertTrue(gap.contains("\"count\":\"2\",\"critical\":\"1\",\"from\":\"20"), gap);
    assertIntact(ACME);
  }

  @Test
  void record_journalFull_refusesCriticalCountsNormalAndTellsTheChainLater() {
    config = JournalFixture.config(40_000, 10_000);
    database.failAt(1, new IllegalStateException("connection refused"));
    AuditVerticle verticle = deploy();
    int recorded = 0;
    while (trail
        .record(critical())
        .transform(done -> Future.succeededFuture(done.succeeded()))
        .await()) {
      recorded++;
      assertTrue(recorded < 1_000, "never full");
    }
    assertEquals(Mode.FAILING, verticle.status().mode());
    assertUnavailable(trail.record(normal()));
    assertUnavailable(trail.record(critical()));
    database.work();
    until("told", () -> types(ACME).contains("audit.gap"));
    until("works", () -> verticle.status().mode() == Mode.DURABLE);
    await(trail.record(critical()));
    int expected = recorded + 1;
    until("chained", () -> types(ACME).stream().filter(t -> t.equals("login")).count() == expected);
    long missing =
        database.of(ACME).stream()
            .map(FakeChainDatabase.Entry::body)
            .filter(body -> body.contains("audit.gap"))
            .mapToLong(body -> Long.parseLong(body.replaceAll(".*\"count\":\"(\\d+)\".*", "$1")))
            .sum();
    assertEquals(3, missing);
    assertIntact(ACME);
    assertEquals(0, meters.counter("portcullis.audit.lost").count());
  }

  @Test
  void record_moreAtOnceThanMayWait_shedsAndAccountsForEach() {
    config =
        new AuditConfig(1 << 24, 1 << 22, 50, Duration.ofSeconds(2), 500, Duration.ofMillis(50));
    vertx.eventBus().unregisterCodec(Submission.Codec.NAME);
    trail = new AuditTrail(vertx, config, meters);
    deploy();
    List<Future<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      all.add(trail.record(normal()).transform(done -> Future.succeededFuture(done.succeeded())));
    }
    long recorded = all.stream().filter(JournalFixture::await).count();
    double counted = meters.counter("portcullis.audit.unrecorded", "class", "normal").count();
    assertEquals(2_000, recorded + counted);
    assertTrue(recorded >= 50 && counted > 0, recorded + " recorded");
    until("chained", () -> types(ACME).stream().filter(t -> t.equals("read")).count() == recorded);
    until("told", () -> types(ACME).contains("audit.gap"));
  }

  @Test
  void record_listenerTooSlow_isUnavailableInTimeAndRecordedByNobody() {
    config =
        new AuditConfig(1 << 24, 1 << 22, 50, Duration.ofMillis(50), 500, Duration.ofMillis(50));
    vertx.eventBus().unregisterCodec(Submission.Codec.NAME);
    trail = new AuditTrail(vertx, config, meters);
    List<Submission> held = new ArrayList<>();
    var slow = vertx.eventBus().<Submission>localConsumer(AuditTrail.ADDRESS);
    slow.handler(message -> held.add(message.body()));
    await(slow.completion());
    long start = System.nanoTime();
    assertUnavailable(trail.record(critical()));
    assertTrue(System.nanoTime() - start < 2e9);
    assertFalse(held.getFirst().take(), "the sender has accounted for it");
    assertEquals(1, meters.counter("portcullis.audit.unrecorded", "class", "critical").count());
  }

  @Test
  void deploy_folderInUse_failsAndSaysSo() {
    deploy();
    Throwable problem = assertThrows(Throwable.class, this::deploy);
    assertTrue(
        String.valueOf(problem.getMessage()).contains("in use by another node"), problem::toString);
  }
}
