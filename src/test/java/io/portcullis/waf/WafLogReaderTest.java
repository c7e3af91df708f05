package io.portcullis.waf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WafLogReaderTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<WafBlock> trail = new ArrayList<>();
  private final Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

  @Test
  void entries_onceRead_areCountedRecordedMaskedAndGone() throws IOException {
    append(RawEntries.refused("a", "203.0.113.1", "/x?q=hunter2") + "\n");
    append("garbage\n\n");
    append(RawEntries.refused("b", "203.0.113.2", "/y") + "\n");
    try (WafLogReader reader = reader(trail::add)) {
      reader.look();
    }
    assertEquals(2, blocks());
    assertEquals(1, meters.counter("portcullis.waf.log.garbage").count());
    assertEquals(List.of("a", "b"), trail.stream().map(WafBlock::requestId).toList());
    assertEquals(0, Files.size(raw()));
    List<String> masked = Files.readAllLines(folder.resolve("masked.json"));
    assertEquals(2, masked.size());
    assertFalse(masked.toString().contains("hunter2"));
  }

  @Test
  void entry_seenTwice_isCountedOnce() throws IOException {
    append(RawEntries.refused("a", "203.0.113.1", "/x") + "\n");
    append(RawEntries.refused("a", "203.0.113.1", "/x") + "\n");
    try (WafLogReader reader = reader(trail::add)) {
      reader.look();
    }
    assertEquals(1, blocks());
    assertEquals(1, trail.size());
  }

  @Test
  void line_thatIsNotFinished_waitsForItsEnd() throws IOException {
    String line = RawEntries.refused("a", "203.0.113.1", "/x");
    try (WafLogReader reader = reader(trail::add)) {
      append(line.substring(0, 50));
      reader.look();
      assertEquals(0, blocks());
      append(line.substring(50) + "\n");
      reader.look();
      assertEquals(1, blocks());
    }
    assertEquals(0, Files.size(raw()));
  }

  @Test
  void line_longerThanAnyEntry_isGarbageAndTheNextIsRead() throws IOException {
    append("x".repeat(AuditLine.MAX_BYTES + 10) + "\n");
    append(RawEntries.refused("a", "203.0.113.1", "/x") + "\n");
    try (WafLogReader reader = reader(trail::add)) {
      reader.look();
    }
    assertEquals(1, meters.counter("portcullis.waf.log.garbage").count());
    assertEquals(1, blocks());
  }

  @Test
  void reader_thatDiedInTheMiddle_losesNothingAndGoesOnWhereItWas() throws IOException {
    int entries = 1_000;
    for (int i = 0; i < entries; i++) {
      append(RawEntries.refused("id" + i, "203.0.113." + i % 200, "/x") + "\n");
    }
    Consumer<WafBlock> dying =
        block -> {
          trail.add(block);
          if (trail.size() == 600) {
            throw new IllegalStateException("the node ends here");
          }
        };
    WafLogReader first = reader(dying);
    assertThrows(IllegalStateException.class, first::look);
    append(RawEntries.refused("last", "203.0.113.1", "/x") + "\n");
    try (WafLogReader second = reader(trail::add)) {
      second.look();
    }
    List<String> ids = trail.stream().map(WafBlock::requestId).distinct().toList();
    assertEquals(entries + 1, ids.size(), "every entry at least once");
    assertTrue(trail.size() <= entries + 1 + 256, "and at most one batch twice");
  }

  @Test
  void flood_ofOneAddress_isCountedInFullAndRecordedInPart() throws IOException {
    for (int i = 0; i < 500; i++) {
      append(RawEntries.refused("id" + i, "203.0.113.1", "/x") + "\n");
    }
    try (WafLogReader reader = reader(trail::add)) {
      reader.look();
      assertEquals(500, blocks());
      assertEquals(BlockSampler.EVENTS_PER_WINDOW, trail.size());
    }
    assertEquals(BlockSampler.EVENTS_PER_WINDOW + 1, trail.size());
    assertEquals(500 - BlockSampler.EVENTS_PER_WINDOW, trail.getLast().unrecorded());
  }

  @Test
  void maskedLog_atItsSize_isRotatedAndBounded() throws IOException {
    try (MaskedLog log = new MaskedLog(folder.resolve("small.json"), 1_000, 2)) {
      for (int i = 0; i < 200; i++) {
        log.write(io.vertx.core.buffer.Buffer.buffer("x".repeat(99) + "\n"));
      }
    }
    for (String name : List.of("small.json", "small.json.1", "small.json.2")) {
      assertEquals(1_000, Files.size(folder.resolve(name)), name);
    }
    assertFalse(Files.exists(folder.resolve("small.json.3")));
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("small.json"))));
  }

  private double blocks() {
    return meters.counter("portcullis.waf.blocks", "rule_group", "sqli").count();
  }

  private Path raw() {
    return folder.resolve("raw.json");
  }

  private void append(String text) throws IOException {
    Files.writeString(raw(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private WafLogReader reader(Consumer<WafBlock> trail) throws IOException {
    return new WafLogReader(
        new RawLog(raw()),
        Optional.of(new MaskedLog(folder.resolve("masked.json"), 10_000_000, 3)),
        trail,
        meters,
        clock);
  }
}
