package io.portcullis.audit;

import io.portcullis.config.AuditConfig;
import io.portcullis.model.AuditEvent.Weight;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's durable memory of events that are not in the chain yet: append-only segment files.
 *
 * <p>Group commit: one thread takes everything that waits, writes it at once and asks the disk once
 * ({@code fsync}), then tells all senders. So the disk's latency is paid per batch and not per
 * event, and a lone event waits for nobody.
 *
 * <p>{@link #append} is safe on every thread; {@link #read} and {@link #drained} belong to the one
 * that drains.
 */
final class Journal implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Journal.class);
  private static final int MAX_BATCH = 512;
  private static final JournalWriter.Pending CLOSE = new JournalWriter.Pending(new byte[0]);

  private final JournalFolder folder;
  private final Segments segments;
  private final JournalWriter writer;
  private final JournalReader reader;
  private final Runnable onDurable;
  private final LongConsumer onLost;
  private final long maxBytes;
  private final BlockingQueue<JournalWriter.Pending> queue;
  private final AtomicLong queuedBytes = new AtomicLong();
  private final Thread thread;
  private volatile boolean full;
  private volatile boolean closed;
  private volatile boolean terminated;

  private Journal(
      JournalFolder folder,
      JournalDisk disk,
      AuditConfig config,
      JournalRecovery.Recovered recovered,
      Runnable onDurable,
      LongConsumer onLost) {
    this.folder = folder;
    this.onDurable = onDurable;
    this.onLost = onLost;
    this.maxBytes = config.maxJournalBytes();
    this.queue = new ArrayBlockingQueue<>(config.maxPending());
    this.segments = new Segments(recovered.segments());
    this.writer =
        new JournalWriter(
            folder.path(),
            disk,
            segments,
            Math.min(config.segmentBytes(), maxBytes / 4),
            recovered.end());
    this.reader = new JournalReader(segments, recovered.position(), this::damaged);
    this.thread = Thread.ofPlatform().name("portcullis-audit-journal").unstarted(this::run);
  }

  /**
   * Opens the folder and reads what is there.
   *
   * @param onDurable called on the writer's thread after each batch
   * @param onLost called with the number of records that were durable and cannot be read
   * @throws IOException when the folder cannot be used or another node uses it
   */
  static Journal open(Path path, AuditConfig config, Runnable onDurable, LongConsumer onLost)
      throws IOException {
    return open(JournalFolder.open(path), JournalDisk::in, config, onDurable, onLost);
  }

  /** With another disk. */
  static Journal open(
      JournalFolder folder,
      Function<JournalFolder, JournalDisk> disk,
      AuditConfig config,
      Runnable onDurable,
      LongConsumer onLost)
      throws IOException {
    try {
      JournalRecovery.Recovered recovered = JournalRecovery.recover(folder);
      Journal journal =
          new Journal(folder, disk.apply(folder), config, recovered, onDurable, onLost);
      recovered.damages().forEach(journal::damaged);
      journal.thread.start();
      return journal;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * Appends one event; done when it is on disk. Fails when the journal is full (normal events a
   * fifth earlier, so that they leave room for critical ones), too much waits, or the disk fails.
   */
  Future<Void> append(Weight weight, byte[] payload) {
    JournalWriter.Pending pending = new JournalWriter.Pending(payload);
    long room = weight == Weight.NORMAL ? maxBytes - maxBytes / 5 : maxBytes;
    if (payload.length > JournalRecord.MAX_PAYLOAD_BYTES) {
      return Future.failedFuture(new JournalException("the event is too long"));
    }
    if (segments.bytes() + queuedBytes.addAndGet(pending.size()) > room) {
      queuedBytes.addAndGet(-pending.size());
      if (weight == Weight.CRITICAL) {
        full = true;
      }
      return Future.failedFuture(new JournalException("the journal is full"));
    }
    if (closed || !queue.offer(pending)) {
      queuedBytes.addAndGet(-pending.size());
      return Future.failedFuture(
          new JournalException(closed ? "the journal is closed" : "too many events are waiting"));
    }
    full = false;
    if (terminated) {
      failWaiting();
    }
    return pending.durable().future();
  }

  private void run() {
    List<JournalWriter.Pending> batch = new ArrayList<>(MAX_BATCH);
    boolean open = true;
    while (open) {
      try {
        batch.add(queue.take());
        queue.drainTo(batch, MAX_BATCH - 1);
        open = !batch.remove(CLOSE);
        if (!batch.isEmpty()) {
          write(batch);
        }
      } catch (InterruptedException e) {
        open = false;
      }
      batch.clear();
    }
    terminated = true;
    failWaiting();
  }

  private void write(List<JournalWriter.Pending> batch) {
    try {
      writer.write(batch);
      batch.forEach(pending -> tell(() -> pending.durable().complete()));
      tell(onDurable);
    } catch (IOException | RuntimeException e) {
      JournalException problem = new JournalException("the journal cannot be written");
      batch.forEach(pending -> tell(() -> pending.durable().fail(problem)));
    } finally {
      batch.forEach(pending -> queuedBytes.addAndGet(-pending.size()));
    }
  }

  /** Whatever a listener does, the writer's thread lives on. */
  private static void tell(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("a listener of the audit journal failed");
    }
  }

  private void failWaiting() {
    for (var late = queue.poll(); late != null; late = queue.poll()) {
      late.durable().tryFail(new JournalException("the journal is closed"));
    }
  }

  /** The next records to drain, in order; each is returned once per life of this object. */
  List<JournalRecord> read(int max) throws IOException {
    return reader.read(max);
  }

  /** Everything before this record is in the chain: never read again, space given back. */
  void drained(long seq) throws IOException {
    if (closed) {
      throw new IOException("the journal is closed");
    }
    List<Segment> done = segments.before(seq);
    folder.position(seq, !done.isEmpty());
    reader.drained();
    for (Segment segment : done) {
      Files.deleteIfExists(segment.path());
      segments.remove(segment);
    }
    if (!done.isEmpty()) {
      JournalFolder.syncNames(folder.path());
    }
  }

  /** Puts an event aside that the chain cannot take; counted as lost. */
  void quarantine(JournalRecord record, String why) throws IOException {
    String name = "event-%020d.json".formatted(record.seq());
    if (folder.quarantine(name, ByteBuffer.wrap(record.payload()))) {
      log.atError()
          .addKeyValue("event.action", "audit.event.quarantined")
          .addKeyValue("file.name", name)
          .addKeyValue("error.message", why)
          .log("an audit event cannot be chained; it is kept in the quarantine folder");
      onLost.accept(1);
    }
  }

  private void damaged(Damage damage) {
    try {
      String name = damage.file().replace(".journal", "-%012d.damaged".formatted(damage.offset()));
      if (folder.quarantine(name, unreadable(damage))) {
        log.atError()
            .addKeyValue("event.action", "audit.journal.damaged")
            .addKeyValue("file.name", damage.file())
            .addKeyValue("offset", damage.offset())
            .addKeyValue("bytes", damage.length())
            .addKeyValue("events.lost", damage.lost())
            .log("a part of the audit journal is unreadable; kept in the quarantine folder");
        onLost.accept(damage.lost());
      }
    } catch (IOException e) {
      onLost.accept(damage.lost());
      log.atError()
          .addKeyValue("event.action", "audit.journal.damaged")
          .addKeyValue("file.name", damage.file())
          .addKeyValue("offset", damage.offset())
          .addKeyValue("events.lost", damage.lost())
          .setCause(e)
          .log("a part of the audit journal is unreadable and could not be put aside");
    }
  }

  private ByteBuffer unreadable(Damage damage) throws IOException {
    Path path = folder.path().resolve(damage.file());
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return JournalFolder.read(file, damage.offset(), (int) Math.min(damage.length(), 1 << 26));
    } catch (NoSuchFileException e) {
      return ByteBuffer.allocate(0);
    }
  }

  /** Bytes on disk. */
  long bytes() {
    return segments.bytes();
  }

  /** Bytes that are not in the chain yet. */
  long backlogBytes() {
    return reader.backlogBytes();
  }

  /** Whether a critical event would be refused now, as far as we know. */
  boolean failing() {
    return full || writer.failing() || terminated;
  }

  /** Writes what waits, then gives the folder back. Blocks for the disk. */
  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        queue.put(CLOSE);
        thread.join();
      } catch (InterruptedException e) {
        thread.interrupt();
        Thread.currentThread().interrupt();
      }
      writer.closeOutput();
      reader.close();
      folder.close();
    }
  }

  /** Why an event was not recorded; stackless. */
  static final class JournalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    JournalException(String message) {
      super(message, null, false, false);
    }
  }
}
