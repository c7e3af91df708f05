package io.portcullis.audit;

import static io.portcullis.audit.JournalFixture.append;
import static io.portcullis.audit.JournalFixture.bytes;
import static io.portcullis.audit.JournalFixture.config;
import static io.portcullis.audit.JournalFixture.copyAsAfterCrash;
import static io.portcullis.audit.JournalFixture.open;
import static io.portcullis.audit.JournalFixture.readAll;
import static io.portcullis.audit.JournalFixture.segmentFiles;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDamageTest {
  private final Path temp;
  private final Path folder;
  private final AtomicLong lost = new AtomicLong();

  JournalDamageTest(@TempDir Path temp) throws IOException {
    this.temp = temp;
    folder = temp.resolve("audit");
    try (Journal journal = open(folder)) {
      append(journal, "one");
      append(journal, "two");
      append(journal, "three");
    }
  }

  private Path segment() throws IOException {
    return segmentFiles(folder).getFirst();
  }

  private static final int RECORD = JournalRecord.HEADER_BYTES + 3;

  @Test
  void open_lastRecordTornAtAnyByte_cutsItOffAndGoesOn() throws IOException {
    byte[] whole = Files.readAllBytes(segment());
    int begin = whole.length - JournalRecord.size(bytes("three"));
    for (int cut = begin; cut < whole.length; cut++) {
      Path crashed = copyAsAfterCrash(folder, temp.resolve("cut-" + cut));
      Path file = segmentFiles(crashed).getFirst();
      Files.write(file, Arrays.copyOf(whole, cut));
      try (Journal journal = open(crashed, lost)) {
        assertEquals(List.of("one", "two"), readAll(journal), "cut at " + cut);
        assertEquals(begin, Files.size(file), "cut at " + cut);
        append(journal, "after");
        assertEquals(List.of("after"), readAll(journal));
      }
      try (Journal journal = open(crashed, lost)) {
        assertEquals(List.of("one", "two", "after"), readAll(journal), "again, cut at " + cut);
      }
    }
    assertEquals(0, lost.get());
  }

  @Test
  void open_lastRecordWithABadByteAnywhere_cutsItOff() throws IOException {
    byte[] whole = Files.readAllBytes(segment());
    int begin = whole.length - JournalRecord.size(bytes("three"));
    for (int at = begin; at < whole.length; at++) {
      Path crashed = copyAsAfterCrash(folder, temp.resolve("bad-" + at));
      flip(segmentFiles(crashed).getFirst(), at);
      try (Journal journal = open(crashed, lost)) {
        assertEquals(List.of("one", "two"), readAll(journal), "bad byte at " + at);
      }
    }
    assertEquals(0, lost.get());
  }

  @Test
  void open_aBadByteAnywhereInTheMiddle_losesThatRecordOnlyAndCountsIt() throws IOException {
    int begin = SegmentHeader.BYTES + RECORD;
    for (int at = begin; at < begin + RECORD; at++) {
      Path damaged = copyAsAfterCrash(folder, temp.resolve("middle-" + at));
      flip(segmentFiles(damaged).getFirst(), at);
      AtomicLong count = new AtomicLong();
      try (Journal journal = open(damaged, count)) {
        assertEquals(List.of("one", "three"), readAll(journal), "bad byte at " + at);
        assertEquals(1, count.get(), "counted once, though met at open and at read");
      }
      try (Journal journal = open(damaged, count)) {
        assertEquals(List.of("one", "three"), readAll(journal));
        assertEquals(1, count.get(), "not counted again at the next start");
      }
      try (Stream<Path> kept = Files.list(damaged.resolve("quarantine"))) {
        Path file = kept.toList().getFirst();
        assertEquals(RECORD, Files.size(file));
        assertTrue(file.toString().endsWith("-%012d.damaged".formatted(begin)), file.toString());
      }
    }
  }

  @Test
  void open_aRecordCutOutOfTheMiddle_isCounted() throws IOException {
    byte[] whole = Files.readAllBytes(segment());
    byte[] without = new byte[whole.length - RECORD];
    int begin = SegmentHeader.BYTES + RECORD;
    System.arraycopy(whole, 0, without, 0, begin);
    System.arraycopy(whole, begin + RECORD, without, begin, without.length - begin);
    Files.write(segment(), without);
    try (Journal journal = open(folder, lost)) {
      assertEquals(List.of("one", "three"), readAll(journal));
      assertEquals(1, lost.get());
    }
  }

  @Test
  void open_damageInWhatIsDrained_isNoLoss() throws IOException {
    try (Journal journal = open(folder)) {
      journal.read(2);
      journal.drained(3);
    }
    flip(segment(), SegmentHeader.BYTES + 5);
    try (Journal journal = open(folder, lost)) {
      assertEquals(List.of("three"), readAll(journal));
      assertEquals(0, lost.get());
    }
  }

  @Test
  void read_damageThatAppearsWhileRunning_isCountedAndPassed() throws IOException {
    try (Journal journal = open(folder, lost)) {
      flip(segment(), SegmentHeader.BYTES + 5);
      assertEquals(List.of("two", "three"), readAll(journal));
      assertEquals(1, lost.get());
    }
  }

  @Test
  void open_endOfAnOlderSegmentMissing_isCounted() throws IOException {
    try (Journal journal = open(folder)) {
      append(journal, "four");
    }
    byte[] whole = Files.readAllBytes(segment());
    Files.write(segment(), Arrays.copyOf(whole, whole.length - 4));
    try (Journal journal = open(folder, lost)) {
      assertEquals(List.of("one", "two", "four"), readAll(journal));
      assertEquals(1, lost.get());
    }
  }

  @Test
  void open_aWholeSegmentMissing_isCounted() throws IOException {
    Path many = temp.resolve("many");
    try (Journal journal = Journal.open(many, config(1 << 20, 200), () -> {}, n -> {})) {
      for (int i = 0; i < 20; i++) {
        append(journal, "x".repeat(100));
      }
      journal.drained(1);
    }
    Files.delete(segmentFiles(many).get(0));
    try (Journal journal = open(many, lost)) {
      assertEquals(18, readAll(journal).size());
    }
    assertEquals(2, lost.get(), "the first one");
    Files.delete(segmentFiles(many).get(3));
    try (Journal journal = open(many, lost)) {
      assertEquals(16, readAll(journal).size());
    }
    assertEquals(4, lost.get(), "one in the middle");
  }

  @Test
  void open_headOfASegmentUnreadable_readsItsRecordsAllTheSame() throws IOException {
    flip(segment(), 3);
    try (Journal journal = open(folder, lost)) {
      assertEquals(List.of("one", "two", "three"), readAll(journal));
    }
  }

  @Test
  void open_newestSegmentUnfinishedInItsHead_isRemoved() throws IOException {
    Path unfinished = folder.resolve("00000000000000000004.journal");
    for (int length = 0; length < SegmentHeader.BYTES; length++) {
      Files.write(unfinished, new byte[length]);
      try (Journal journal = open(folder, lost)) {
        assertEquals(List.of("one", "two", "three"), readAll(journal));
        assertEquals(1, segmentFiles(folder).size());
      }
    }
    assertEquals(0, lost.get());
  }

  private static void flip(Path file, long at) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      one.put(0, (byte) (one.get(0) ^ 0x41));
      channel.write(one.flip(), at);
    }
  }
}
