package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.await;
import static io.portcullis.audit.JournalFixture.bytes;
import static io.portcullis.audit.JournalFixture.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.audit.FaultyDisk.Fault;
import io.portcullis.model.AuditEvent.Weight;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** The journal beside a model of what it must hold. */
final class JournalRandomRun {
  private final Path temp;
  private final AtomicLong lost;
  private final Random random;
  private final List<Sent> unsettled = new ArrayList<>();
  private final Deque<String> expected = new ArrayDeque<>();
  private final List<JournalRecord> read = new ArrayList<>();
  private Path folder;
  private FaultyDisk.Used faulty;
  private int serial;
  private int crashes;
  private int faults;

  private record Sent(String text, Future<Void> durable) {}

  JournalRandomRun(Path temp, Random random, AtomicLong lost) throws IOException {
    this.temp = temp;
    this.random = random;
    this.lost = lost;
    this.folder = temp.resolve("random-0");
    this.faulty = FaultyDisk.open(folder, lost);
  }

  void run(int operations) throws IOException {
    for (int i = 0; i < operations; i++) {
      int dice = random.nextInt(10_000);
      if (dice < 9_800) {
        send();
      } else if (dice < 9_900) {
        settle();
        read();
      } else if (dice < 9_965) {
        settle();
        drained();
      } else if (dice < 9_990) {
        restart();
      } else if (dice < 9_997) {
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
    faulty = FaultyDisk.open(folder, lost);
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
    faulty = FaultyDisk.open(folder, lost);
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
    return new String(record.payload(), StandardCharsets.UTF_8);
  }
}
