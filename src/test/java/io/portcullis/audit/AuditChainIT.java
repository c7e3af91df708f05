package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The trail on a real PostgreSQL: many events, several writers, tampering, killed nodes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditChainIT {
  private static final TenantId ACME = new TenantId("acme000000000");
  private static final TenantId GLOBEX = new TenantId("globex0000000");

  private final Vertx vertx = Vertx.vertx();
  private final AuditEvents events = new AuditEvents(Clock.systemUTC());
  private final ChainPostgres postgres;
  private final ChainVerifier verifier;

  AuditChainIT() {
    postgres = new ChainPostgres(vertx);
    verifier = new ChainVerifier(postgres.database());
  }

  @AfterAll
  void close() {
    postgres.close();
    await(vertx.close());
  }

  private AuditEvent event(Optional<TenantId> tenant, int i) {
    return events.critical(
        "test", tenant, "alice", Outcome.SUCCESS, "", "r-" + i, Map.of("i", "" + i));
  }

  @Test
  void verify_fiveThousandEventsThenTampered_namesTheFirstBrokenEntry(@TempDir Path state) {
    postgres.empty();
    record(5_000, state);
    List<ChainReport> reports = verifier.chains().stream().map(verifier::verify).toList();
    assertEquals(3, reports.size());
    assertTrue(reports.stream().allMatch(ChainReport::intact), reports::toString);
    long platform = count("platform");
    assertEquals(5_002, reports.stream().mapToLong(ChainReport::entries).sum());

    postgres.sql(
        "CREATE TABLE audit.e AS TABLE audit.entry; CREATE TABLE audit.h AS TABLE audit.head");
    String at = "WHERE chain = 'platform' AND seq = ";
    tampered(
        "UPDATE audit.entry SET body = replace(body, 'alice', 'mallory') " + at + 17,
        "entry 17 of chain platform: body does not match its hash");
    tampered(
        "DELETE FROM audit.entry " + at + 100,
        "entry 100 of chain platform is missing: entry 101 follows");
    tampered(
        "DELETE FROM audit.entry " + at + 1,
        "entry 1 of chain platform is missing: entry 2 follows");
    tampered(
        "UPDATE audit.entry SET seq = 1000000 "
            + at
            + 40
            + "; UPDATE audit.entry SET seq = 40 "
            + at
            + 50
            + "; UPDATE audit.entry SET seq = 50 "
            + at
            + 1000000,
        "entry 40 of chain platform: body does not match its hash");
    tampered(
        "DELETE FROM audit.entry " + at + platform,
        "entry %1$d of chain platform is missing: the head says that there are %1$d"
            .formatted(platform));
    tampered(
        "UPDATE audit.entry SET event_id = gen_random_uuid() " + at + 5,
        "entry 5 of chain platform: column event_id is not what the body says");
    tampered(
        "UPDATE audit.entry SET at = at + interval '1 microsecond' " + at + 6,
        "entry 6 of chain platform: column at is not what the body says");
    tampered(
        "UPDATE audit.entry SET chain = 'acme000000000', seq = 1000000 " + at + 7,
        "entry 7 of chain platform is missing: entry 8 follows");
    tamperedHeads(platform);
    postgres.sql("DROP TABLE audit.e, audit.h");
  }

  private void tamperedHeads(long platform) {
    tampered(
        "UPDATE audit.head SET hash = sha256('x') WHERE chain = 'platform'",
        "entry %d of chain platform: the head has another hash".formatted(platform));
    tampered(
        "UPDATE audit.head SET seq = 30 WHERE chain = 'platform'",
        "entry 31 of chain platform is not covered by the head, which says that there are 30");
    tampered(
        "UPDATE audit.head SET seq = seq + 1 WHERE chain = 'platform'",
        "entry %1$d of chain platform is missing: the head says that there are %1$d"
            .formatted(platform + 1));
    tampered(
        "DELETE FROM audit.head WHERE chain = 'platform'",
        "chain platform has entries up to %d and no head".formatted(platform));
    tampered(
        "DELETE FROM audit.entry WHERE chain = 'platform'",
        "entry 1 of chain platform is missing: the head says that there are " + platform);
  }

  private void tampered(String sql, String expected) {
    postgres.sql(sql);
    ChainReport report = verifier.verify("platform");
    assertEquals(expected, report.problem().orElseThrow().message());
    assertTrue(verifier.verify(GLOBEX.value()).intact());
    assertTrue(verifier.chains().contains("platform"));
    postgres.empty();
    postgres.sql("INSERT INTO audit.entry TABLE audit.e", "INSERT INTO audit.head TABLE audit.h");
    assertTrue(verifier.verify("platform").intact());
  }

  private void record(int count, Path state) {
    AuditNode node = AuditNode.start(Vertx.vertx(), "n1", state, postgres.database());
    List<Optional<TenantId>> chains =
        List.of(Optional.empty(), Optional.of(ACME), Optional.of(GLOBEX));
    List<Future<Void>> all = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      all.add(node.trail().record(event(chains.get(i % 3), i)));
      if (i >= 500) {
        await(all.get(i - 500));
      }
    }
    all.forEach(JournalFixture::await);
    double durable = (System.nanoTime() - start) / 1e9;
    node.untilChained();
    double chained = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "audit: %,.0f events a second durable (bus, 500 at once), %,.0f chained%n",
        count / durable, count / chained);
    node.stop();
  }

  private long count(String chain) {
    String count = "SELECT count(*) FROM audit.entry WHERE chain = '" + chain + "'";
    return (Long) postgres.column(count).getFirst();
  }

  @Test
  void drain_twoNodesOnTheSameChains_neverFork(@TempDir Path temp) throws Exception {
    postgres.empty();
    List<Journal> journals = new ArrayList<>();
    List<Future<Void>> writers = new ArrayList<>();
    for (int n = 0; n < 2; n++) {
      Journal journal = JournalFixture.open(temp.resolve("node-" + n));
      journals.add(journal);
      for (int i = 0; i < 900; i++) {
        Optional<TenantId> tenant = i % 3 == 0 ? Optional.empty() : Optional.of(ACME);
        journal.append(Weight.CRITICAL, EventBody.encode(event(tenant, i), "n" + n));
      }
    }
    for (Journal journal : journals) {
      JournalFixture.append(
          journal,
          new String(EventBody.encode(event(Optional.empty(), 900), "n"), StandardCharsets.UTF_8));
      ChainWriter writer =
          new ChainWriter(journal, postgres.database(), events, Clock.systemUTC(), 37);
      writers.add(drainAll(writer));
    }
    writers.forEach(JournalFixture::await);
    assertEquals(602, verifier.verify("platform").entries());
    assertEquals(1_200, verifier.verify(ACME.value()).entries());
    assertTrue(verifier.verify("platform").intact() && verifier.verify(ACME.value()).intact());
    for (Journal journal : journals) {
      journal.close();
    }
  }

  private static Future<Void> drainAll(ChainWriter writer) {
    return writer.drain().compose(moved -> moved > 0 ? drainAll(writer) : Future.succeededFuture());
  }

  @Test
  void drain_whatPostgresqlCannotKeep_neverBlocksTheTrail(@TempDir Path temp) throws Exception {
    postgres.empty();
    postgres.sql(
        "ALTER TABLE audit.entry ADD CONSTRAINT no_poison CHECK (body NOT LIKE '%poison%')");
    AtomicLong lost = new AtomicLong();
    try (Journal journal = JournalFixture.open(temp, lost)) {
      AuditEvent good = event(Optional.empty(), 1);
      AuditEvent outOfTime =
          new AuditEvent(
              UUID.randomUUID(),
              Instant.MAX,
              "t",
              Weight.NORMAL,
              Optional.empty(),
              "a",
              Outcome.SUCCESS,
              "",
              "",
              new TreeMap<>());
      AuditEvent nul =
          events.normal(
              "t\0", Optional.empty(), "\ud800", Outcome.FAILURE, "\0", "", Map.of("\0", "\0"));
      AuditEvent poison =
          events.normal("poison", Optional.empty(), "a", Outcome.FAILURE, "", "", Map.of());
      for (AuditEvent event : List.of(good, poison, outOfTime, nul, event(Optional.empty(), 2))) {
        await(journal.append(Weight.CRITICAL, EventBody.encode(event, "n\0")));
      }
      await(
          drainAll(new ChainWriter(journal, postgres.database(), events, Clock.systemUTC(), 100)));
    }
    ChainReport report = verifier.verify("platform");
    assertTrue(report.intact(), report::toString);
    assertEquals(4, report.entries());
    assertEquals(1, lost.get());
    postgres.sql("ALTER TABLE audit.entry DROP CONSTRAINT no_poison");
  }

  @Test
  void newestAndMore_entriesOfTwoChains_comeInOrderAndOnce(@TempDir Path temp) throws Exception {
    postgres.empty();
    try (Journal journal = JournalFixture.open(temp)) {
      ChainWriter writer =
          new ChainWriter(journal, postgres.database(), events, Clock.systemUTC(), 100);
      chain(journal, writer, 1, 6);
      AuditTail all = new AuditTail(postgres.database(), Optional.empty());
      AuditTail acme = new AuditTail(postgres.database(), Optional.of(ACME.value()));
      assertEquals(List.of("platform#2", "acme000000000#3", "platform#3"), places(all.newest(3)));
      assertEquals(List.of("acme000000000#3"), places(acme.newest(1)));
      assertEquals(List.of(), all.more());
      chain(journal, writer, 7, 9);
      assertEquals(List.of("acme000000000#4", "platform#4", "acme000000000#5"), places(all.more()));
      List<AuditTail.Line> more = acme.more();
      assertEquals(List.of("acme000000000#4", "acme000000000#5"), places(more));
      String line = more.getLast().readable();
      assertTrue(
          line.contains("acme000000000#5  test  success  actor=alice  request=r-9  i=9"), line);
      assertTrue(
          more.getLast().json().startsWith("{\"chain\":\"acme000000000\",\"entry\":{\"actor\":"));
      assertEquals(List.of(), acme.more());
    }
  }

  private void chain(Journal journal, ChainWriter writer, int from, int to) {
    for (int i = from; i <= to; i++) {
      Optional<TenantId> tenant = i % 2 == 0 ? Optional.empty() : Optional.of(ACME);
      await(journal.append(Weight.CRITICAL, EventBody.encode(event(tenant, i), "n1")));
    }
    await(drainAll(writer));
  }

  private static List<String> places(List<AuditTail.Line> lines) {
    return lines.stream().map(line -> line.chain() + "#" + line.seq()).toList();
  }
}
