package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.audit.ChainDatabase.ChainSqlException;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.AuditEvent.Outcome;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChainWriterTest {
  private static final String ACME = "acme000000000";

  private final Path temp;
  private final AtomicLong lost = new AtomicLong();
  private final AuditEvents events = new AuditEvents(Clock.systemUTC());
  private final FakeChainDatabase database = new FakeChainDatabase();
  private final List<UUID> recorded = new ArrayList<>();
  private Journal journal;
  private ChainWriter writer;

  ChainWriterTest(@TempDir Path temp) throws IOException {
    this.temp = temp;
    journal = JournalFixture.open(temp.resolve("audit"), lost);
    writer = writer();
  }

  @AfterEach
  void close() throws IOException {
    journal.close();
  }

  private ChainWriter writer() {
    return new ChainWriter(journal, database, events, Clock.systemUTC(), 100);
  }

  private void record(int count, String type, Optional<TenantId> tenant) {
    List<Future<Void>> durable = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      AuditEvent event =
          events.critical(type, tenant, "alice", Outcome.SUCCESS, "", "", Map.of("i", "" + i));
      recorded.add(event.id());
      durable.add(journal.append(Weight.CRITICAL, EventBody.encode(event, "n1")));
    }
    durable.forEach(JournalFixture::await);
  }

  private void record(int count) {
    record(count, "test", Optional.empty());
  }

  private void drainAll() {
    while (await(writer.drain()) > 0) {
      assertTrue(database.transactions < 1_000);
    }
  }

  private List<UUID> chained(String chain) {
    return database.of(chain).stream().map(FakeChainDatabase.Entry::id).toList();
  }

  private void assertIntact(int entries, String chain) {
    ChainReport report = new ChainVerifier(database).verify(chain);
    assertEquals(Optional.empty(), report.problem());
    assertEquals(entries, report.entries());
  }

  @Test
  void drain_eventsOfTwoChains_areChainedInOrder() {
    record(150);
    record(20, "test", Optional.of(new TenantId(ACME)));
    record(30);
    drainAll();
    assertIntact(180, "platform");
    assertIntact(20, ACME);
    assertEquals(recorded.subList(150, 170), chained(ACME));
    assertEquals(List.of(ACME, "platform"), new ChainVerifier(database).chains());
    assertEquals(0, journal.backlogBytes());
    assertEquals(0, writer.lagSeconds());
  }

  @Test
  void drain_databaseAwayAndBack_losesNothing() {
    record(3);
    database.failAt(1, new IllegalStateException("connection refused"));
    for (int i = 0; i < 3; i++) {
      assertThrows(IllegalStateException.class, () -> await(writer.drain()));
    }
    assertTrue(journal.backlogBytes() > 0);
    assertTrue(writer.lagSeconds() >= 0);
    record(2);
    database.work();
    drainAll();
    assertEquals(recorded, chained("platform"));
    assertIntact(5, "platform");
  }

  @Test
  void drain_failureAtAnyStatement_changesNothingAndIsRepeated() {
    for (int statement = 1; statement <= 7; statement++) {
      record(2);
      int before = database.entries.size();
      database.failAt(statement, new IllegalStateException("connection reset"));
      assertThrows(IllegalStateException.class, () -> await(writer.drain()));
      assertEquals(before, database.entries.size(), "statement " + statement);
      database.work();
      drainAll();
      assertEquals(recorded, chained("platform"), "statement " + statement);
    }
    assertIntact(14, "platform");
  }

  @Test
  void drain_committedButTheAnswerLost_chainsOnce() {
    record(5);
    database.loseNextAnswer();
    assertThrows(IllegalStateException.class, () -> await(writer.drain()));
    drainAll();
    assertEquals(recorded, chained("platform"));
    assertIntact(5, "platform");
  }

  @Test
  void drain_crashBetweenCommitAndPosition_chainsOnce() throws IOException {
    record(250);
    Path crashed = JournalFixture.copyAsAfterCrash(temp.resolve("audit"), temp.resolve("crashed"));
    drainAll();
    journal.close();
    journal = JournalFixture.open(crashed, lost);
    writer = writer();
    record(10);
    drainAll();
    assertEquals(recorded, chained("platform"));
    assertIntact(260, "platform");
  }

  @Test
  void drain_theSameEventTwiceInOneBatch_chainsOnce() {
    AuditEvent event =
        events.normal("test", Optional.empty(), "a", Outcome.SUCCESS, "", "", Map.of());
    await(journal.append(Weight.NORMAL, EventBody.encode(event, "n1")));
    await(journal.append(Weight.NORMAL, EventBody.encode(event, "n1")));
    drainAll();
    assertIntact(1, "platform");
  }

  @Test
  void drain_anEventTheDatabaseRefuses_isPutAsideAndTheRestGoesOn() throws IOException {
    record(30);
    record(1, FakeChainDatabase.POISON, Optional.empty());
    record(30);
    drainAll();
    UUID poison = recorded.remove(30);
    assertEquals(recorded, chained("platform"));
    assertIntact(60, "platform");
    assertEquals(1, lost.get());
    try (Stream<Path> kept = Files.list(temp.resolve("audit/quarantine"))) {
      String body = Files.readString(kept.toList().getFirst());
      assertTrue(body.contains(poison.toString()), body);
    }
  }

  @Test
  void drain_everythingRefused_pausesAndGoesOnLater() {
    record(20, FakeChainDatabase.POISON, Optional.empty());
    record(1);
    assertThrows(ChainSqlException.class, () -> await(writer.drain()));
    assertEquals(8, lost.get());
    assertThrows(ChainSqlException.class, () -> await(writer.drain()));
    drainAll();
    assertEquals(20, lost.get());
    assertIntact(1, "platform");
  }

  @Test
  void drain_permissionDenied_isNoReasonToPutEventsAside() {
    record(3);
    database.failAt(6, new ChainSqlException("42501", "permission denied"));
    assertThrows(ChainSqlException.class, () -> await(writer.drain()));
    assertEquals(1, database.transactions);
    database.work();
    drainAll();
    assertIntact(3, "platform");
    assertEquals(0, lost.get());
  }

  @Test
  void drain_recordThatIsNoEvent_isPutAside() {
    await(journal.append(Weight.NORMAL, JournalFixture.bytes("not an event")));
    drainAll();
    record(1);
    drainAll();
    assertIntact(1, "platform");
    assertEquals(1, lost.get());
  }

  @Test
  void drain_headSetBack_goesOnAfterTheLastEntryAndSaysSo() {
    record(5);
    drainAll();
    FakeChainDatabase.Entry second = database.of("platform").get(1);
    database.heads.put("platform", new FakeChainDatabase.Head(2, second.hash()));
    record(1);
    drainAll();
    assertIntact(7, "platform");
    String body = database.of("platform").get(5).body();
    assertTrue(body.contains("audit.chain.mismatch"), body);
    assertTrue(body.contains("\"head_seq\":\"2\"") && body.contains("\"last_seq\":\"5\""), body);
  }

  @Test
  void drain_lastEntriesDeleted_keepsTheHoleVisible() {
    record(5);
    drainAll();
    database.entries.remove(4);
    record(1);
    drainAll();
    ChainReport report = new ChainVerifier(database).verify("platform");
    assertEquals(
        "entry 5 of chain platform is missing: entry 6 follows",
        report.problem().orElseThrow().message());
  }

  @Test
  void drain_headHashChanged_keepsTheBreakVisible() {
    record(5);
    drainAll();
    database.heads.put("platform", new FakeChainDatabase.Head(5, Buffer.buffer(new byte[32])));
    record(1);
    drainAll();
    ChainReport report = new ChainVerifier(database).verify("platform");
    assertEquals(5, report.entries());
    assertEquals(
        "entry 6 of chain platform: body does not match its hash",
        report.problem().orElseThrow().message());
  }
}
