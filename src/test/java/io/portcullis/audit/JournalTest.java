package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.append;
import static io.portcullis.audit.JournalFixture.await;
import static io.portcullis.audit.JournalFixture.bytes;
import static io.portcullis.audit.JournalFixture.config;
import static io.portcullis.audit.JournalFixture.copyAsAfterCrash;
import static io.portcullis.audit.JournalFixture.open;
import static io.portcullis.audit.JournalFixture.readAll;
import static io.portcullis.audit.JournalFixture.segmentFiles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.model.AuditEvent.Weight;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
  private final Path temp;

  JournalTest(@TempDir Path temp) {
    this.temp = temp;
  }

  @Test
  void read_whatWasAppended_comesInOrderAndOnce() throws IOException {
    try (Journal journal = open(temp.resolve("audit"))) {
      append(journal, "one");
      append(journal, "two");
      assertEquals(List.of("one", "two"), readAll(journal));
      assertEquals(List.of(), readAll(journal));
      append(journal, "three");
      assertEquals(List.of("three"), readAll(journal));
    }
  }

  @Test
  void open_afterAnOrderlyClose_keepsWhatWasNotDrained() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = open(folder)) {
      for (int i = 1; i <= 5; i++) {
        append(journal, "event " + i);
      }
      journal.read(3);
      journal.drained(4);
    }
    try (Journal journal = open(folder)) {
      assertEquals(List.of("event 4", "event 5"), readAll(journal));
      append(journal, "event 6");
      assertEquals(List.of("event 6"), readAll(journal));
    }
  }

  @Test
  void open_afterACrash_keepsEveryAcknowledgedEvent() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = open(folder)) {
      append(journal, "one");
      append(journal, "two");
      Path crashed = copyAsAfterCrash(folder, temp.resolve("crashed"));
      try (Journal again = open(crashed)) {
        assertEquals(List.of("one", "two"), readAll(again));
      }
    }
  }

  @Test
  void open_positionUnreadable_drainsEverythingAgain() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = open(folder)) {
      append(journal, "one");
      journal.drained(2);
    }
    Files.writeString(folder.resolve("position"), "7 deadbeef\n");
    try (Journal journal = open(folder)) {
      assertEquals(List.of("one"), readAll(journal));
    }
  }

  @Test
  void append_beyondTheSegmentSize_rotatesAndDeletesWhatIsDrained() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = Journal.open(folder, config(1 << 20, 500), () -> {}, n -> {})) {
      for (int i = 0; i < 40; i++) {
        append(journal, "x".repeat(100));
      }
      int before = segmentFiles(folder).size();
      assertTrue(before >= 8, before + " segments");
      assertEquals(40, readAll(journal).size());
      assertTrue(journal.backlogBytes() > 4_000);
      journal.drained(41);
      assertEquals(1, segmentFiles(folder).size());
      assertEquals(0, journal.backlogBytes());
      append(journal, "last");
      assertEquals(List.of("last"), readAll(journal));
    }
  }

  @Test
  void open_byASecondNode_saysWhoHasIt() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = open(folder)) {
      assertFalse(journal.failing());
      IOException problem = assertThrows(IOException.class, () -> open(folder));
      String message = String.valueOf(problem.getMessage());
      assertTrue(message.contains("in use by another node"), message);
      assertTrue(message.contains("process " + ProcessHandle.current().pid()), message);
    }
    open(folder).close();
  }

  @Test
  void open_createdFiles_areReadableByNobodyElse() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = open(folder)) {
      append(journal, "one");
      journal.drained(2);
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          assertEquals(
              "rw-------",
              PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
              file.toString());
        }
      }
    }
  }

  @Test
  void append_journalFull_refusesNormalEventsFirstAndRecoversWhenDrained() throws IOException {
    Path folder = temp.resolve("audit");
    try (Journal journal = Journal.open(folder, config(20_000, 20_000), () -> {}, n -> {})) {
      int normal = fill(journal, Weight.NORMAL);
      assertFalse(journal.failing(), "critical events still fit");
      int critical = fill(journal, Weight.CRITICAL);
      assertTrue(normal > 10 && critical > 1, normal + " normal, " + critical + " critical");
      assertTrue(journal.failing());
      assertTrue(journal.bytes() <= 20_000, journal.bytes() + " bytes");
      assertEquals(normal + critical, readAll(journal).size());
      journal.drained(normal + critical + 1);
      append(journal, "room again");
      assertFalse(journal.failing());
      assertEquals(List.of("room again"), readAll(journal));
    }
  }

  private static int fill(Journal journal, Weight weight) {
    for (int i = 0; i < 1_000; i++) {
      Future<Void> appended = journal.append(weight, bytes("x".repeat(400)));
      try {
        await(appended);
      } catch (Journal.JournalException e) {
        assertEquals("the journal is full", e.getMessage());
        return i;
      }
    }
    throw new AssertionError("never full");
  }

  @Test
  void append_afterClose_fails() throws IOException {
    Journal journal = open(temp.resolve("audit"));
    journal.close();
    assertThrows(Journal.JournalException.class, () -> append(journal, "late"));
    assertTrue(journal.failing());
  }

  @Test
  void append_manyAtOnce_sharesTheDisk() throws IOException {
    try (Journal journal = open(temp.resolve("audit"))) {
      List<Future<Void>> all = new ArrayList<>();
      long start = System.nanoTime();
      int count = 20_000;
      for (int i = 0; i < count; i++) {
        Future<Void> appended = journal.append(Weight.CRITICAL, bytes("event %300d".formatted(i)));
        if (appended.failed()) {
          await(all.getLast());
          i--;
        } else {
          all.add(appended);
        }
      }
      all.forEach(JournalFixture::await);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("journal: %,.0f events a second by group commit%n", count / seconds);
      assertEquals(count, readAll(journal).size());
    }
  }
}
