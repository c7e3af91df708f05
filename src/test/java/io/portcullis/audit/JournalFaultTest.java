package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.append;
import static io.portcullis.audit.JournalFixture.await;
import static io.portcullis.audit.JournalFixture.bytes;
import static io.portcullis.audit.JournalFixture.config;
import static io.portcullis.audit.JournalFixture.readAll;
import static io.portcullis.audit.JournalFixture.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.audit.FaultyDisk.Fault;
import io.portcullis.model.AuditEvent.Weight;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFaultTest {
  private final Path temp;
  private final AtomicLong lost = new AtomicLong();

  JournalFaultTest(@TempDir Path temp) {
    this.temp = temp;
  }

  private record Faulty(Journal journal, FaultyDisk disk) {}

  private Faulty open(Path folder) throws IOException {
    JournalFolder opened = JournalFolder.open(folder);
    FaultyDisk disk = new FaultyDisk(JournalDisk.in(opened));
    return new Faulty(
        Journal.open(opened, f -> disk, config(1 << 26, 32_000), () -> {}, lost::addAndGet), disk);
  }

  @Test
  void append_diskFailsInAnyWay_tellsTheSenderAndRecoversByItself() throws IOException {
    for (Fault fault : new Fault[] {Fault.CREATE, Fault.WRITE, Fault.FORCE}) {
      Path folder = temp.resolve(fault.name());
      Faulty faulty = open(folder);
      try (Journal journal = faulty.journal()) {
        if (fault != Fault.CREATE) {
          append(journal, "one");
        }
        faulty.disk().fail(fault);
        for (int i = 0; i < 3; i++) {
          assertThrows(Journal.JournalException.class, () -> append(journal, "refused"));
          assertTrue(journal.failing());
        }
        faulty.disk().fail(Fault.NONE);
        until(
            "writes again",
            () ->
                journal
                    .append(Weight.NORMAL, bytes("two"))
                    .transform(done -> Future.succeededFuture(done.succeeded()))
                    .await());
        assertFalse(journal.failing());
        List<String> expected = fault == Fault.CREATE ? List.of("two") : List.of("one", "two");
        assertEquals(expected, readAll(journal), fault.name());
        Path crashed =
            JournalFixture.copyAsAfterCrash(folder, temp.resolve("crashed-" + fault.name()));
        try (Journal again = JournalFixture.open(crashed, lost)) {
          assertEquals(expected, readAll(again), "after a crash, " + fault);
        }
      }
    }
    assertEquals(0, lost.get());
  }

  @Test
  void anything_inRandomOrder_keepsWhatWasAcknowledgedInOrder() throws IOException {
    long seed = Long.getLong("portcullis.seed", System.nanoTime());
    System.out.println("JournalFaultTest seed " + seed);
    new RandomRun(new Random(seed)).run(100_000);
    assertEquals(0, lost.get(), "seed " + seed);
  }

  /** The journal beside a model of what it must hold. */
  private final class RandomRun {
    private final Random random;
    private final List<Sent> unsettled = new ArrayList<>();
    private final Deque<String> expected = new ArrayDeque<>();
    private final List<JournalRecord> read = new ArrayList<>();
    private Path folder = temp.resolve("random-0");
    private Faulty faulty = open(folder);
    private int serial;
    private int crashes;
    private int faults;

    private record Sent(String text, Future<Void> durable) {}

    RandomRun(Random random) throws IOException {
      this.random = random;
    }

    void run(int operations) throws IOException {
      for (int i = 0; i < operations; i++) {
        int dice = random.nextInt(10_000);
        if (dice < 9_500) {
          send();
        } else if (dice < 9_850) {
          settle();
          read();
        } else if (dice < 9_950) {
          settle();
          drained();
        } else if (dice < 9_985) {
          restart();
        } else if (dice < 9_995) {
          crash();
        } else {
          fault();
        }
      }
      settle();
      drained();
      expectEverything();
      faulty.journal().close();
      System.out.printf(
          "journal: %d events, %d crashes, %d faults of the disk%n", serial, crashes, faults);
    }

    private void send() {
      String text = "event " + ++serial + " " + "x".repeat(random.nextInt(200));
      unsettled.add(new Sent(text, faulty.journal().append(Weight.CRITICAL, bytes(text))));
      if (unsettled.size() > 900) {
        settle();
      }
    }

    private void settle() {
      for (Sent sent : unsettled) {
        if (await(sent.durable().transform(d -> Future.succeededFuture(d.succeeded())))) {
          expected.add(sent.text());
        }
      }
      unsettled.clear();
    }

    private void read() throws IOException {
      read.addAll(faulty.journal().read(1 + random.nextInt(300)));
    }

    /** What was read is what was acknowledged, in order; then it may go. */
    private void drained() throws IOException {
      for (JournalRecord record : read) {
        assertEquals(expected.poll(), text(record));
      }
      if (!read.isEmpty()) {
        faulty.journal().drained(read.getLast().seq() + 1);
        read.clear();
      }
    }

    private void restart() throws IOException {
      settle();
      faulty.journal().close();
      read.clear();
      faulty = open(folder);
    }

    private void crash() throws IOException {
      settle();
      crashes++;
      Path next = JournalFixture.copyAsAfterCrash(folder, temp.resolve("random-" + crashes));
      faulty.journal().close();
      read.clear();
      folder = next;
      List<Path> files = JournalFixture.segmentFiles(folder);
      if (!files.isEmpty() && random.nextBoolean()) {
        byte[] torn = new byte[1 + random.nextInt(100)];
        random.nextBytes(torn);
        Files.write(files.getLast(), torn, StandardOpenOption.APPEND);
      }
      faulty = open(folder);
    }

    private void fault() {
      settle();
      faults++;
      faulty.disk().fail(random.nextBoolean() ? Fault.WRITE : Fault.FORCE);
      for (int i = random.nextInt(20); i >= 0; i--) {
        send();
      }
      settle();
      faulty.disk().fail(Fault.NONE);
      until(
          "writes again",
          () -> {
            send();
            settle();
            return !faulty.journal().failing();
          });
    }

    private void expectEverything() throws IOException {
      for (var more = faulty.journal().read(500); !more.isEmpty(); ) {
        for (JournalRecord record : more) {
          assertEquals(expected.poll(), text(record));
        }
        more = faulty.journal().read(500);
      }
      assertTrue(expected.isEmpty(), expected.size() + " acknowledged and not there");
    }

    private String text(JournalRecord record) {
      return new String(record.payload(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
