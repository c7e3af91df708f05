package io.portcullis.audit;

import io.portcullis.config.AuditConfig;
import io.portcullis.model.AuditEvent.Weight;
import io.portcullis.testing.Await;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What the tests of the journal share. */
final class JournalFixture {
  private JournalFixture() {}

  static AuditConfig config(long maxBytes, long segmentBytes) {
    return new AuditConfig(
        maxBytes, segmentBytes, 1_000, Duration.ofSeconds(10), 500, Duration.ofMillis(50));
  }

  static AuditConfig config() {
    return config(64 << 20, 1 << 20);
  }

  static Journal open(Path folder) throws IOException {
    return open(folder, new AtomicLong());
  }

  static Journal open(Path folder, AtomicLong lost) throws IOException {
    return Journal.open(folder, config(), () -> {}, lost::addAndGet);
  }

  /** A journal whose process died: everything it holds is given up, nothing is finished. */
  static Path copyAsAfterCrash(Path folder, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static void append(Journal journal, String text) {
    await(journal.append(Weight.CRITICAL, bytes(text)));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(20, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing within 20 seconds", e);
    }
  }

  /** Everything there is to read. */
  static List<String> readAll(Journal journal) throws IOException {
    List<String> texts = new ArrayList<>();
    for (var batch = journal.read(100); !batch.isEmpty(); batch = journal.read(100)) {
      batch.forEach(r -> texts.add(new String(r.payload(), StandardCharsets.UTF_8)));
    }
    return texts;
  }

  static List<Path> segmentFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".journal")).sorted().toList();
    }
  }

  /** Waits until it holds, at most twenty seconds. */
  static void until(String what, BooleanSupplier condition) {
    Await.until(condition, Duration.ofSeconds(20), () -> what);
  }
}
