package io.portcullis.audit;

import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes batches of records and returns when they are on disk. One thread only.
 *
 * <p>After any failure the segment is given up: what {@code fsync} means for bytes that once failed
 * to reach the disk is not defined, so nothing is ever written behind them. The next batch begins a
 * new segment, whose header says how far the old one counts; its records get new numbers. Between
 * attempts there is a short pause in which batches fail at once, so that a full disk is not
 * hammered.
 */
final class JournalWriter {
  private static final Logger log = LoggerFactory.getLogger(JournalWriter.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final int BUFFER_BYTES = 1 << 20;

  private final Path folder;
  private final JournalDisk disk;
  private final Segments segments;
  private final long segmentBytes;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long nextSeq;
  private long durableEnd;
  private @Nullable Segment segment;
  private JournalDisk.@Nullable Output output;
  private volatile boolean failing;
  private long retryAtNanos;

  JournalWriter(Path folder, JournalDisk disk, Segments segments, long segmentBytes, long end) {
    this.folder = folder;
    this.disk = disk;
    this.segments = segments;
    this.segmentBytes = segmentBytes;
    this.nextSeq = end;
    this.durableEnd = end;
  }

  /** An event on its way to the disk. */
  static final class Pending {
    private final byte[] payload;
    private final Promise<Void> durable = Promise.promise();

    Pending(byte[] payload) {
      this.payload = payload;
    }

    Promise<Void> durable() {
      return durable;
    }

    int size() {
      return JournalRecord.size(payload);
    }
  }

  /** Whether the last attempt failed; safe on every thread. */
  boolean failing() {
    return failing;
  }

  /**
   * Writes the batch.
   *
   * @throws IOException when it may not be on disk; the writer can be used further all the same
   */
  void write(List<Pending> batch) throws IOException {
    if (failing && System.nanoTime() - retryAtNanos < 0) {
      throw new IOException("the journal failed a moment ago");
    }
    long first = nextSeq;
    nextSeq += batch.size();
    try {
      append(batch, first);
    } catch (IOException | RuntimeException e) {
      failed(e);
      throw e;
    }
    durableEnd = nextSeq;
    if (failing) {
      failing = false;
      log.atInfo()
          .addKeyValue("event.action", "audit.journal.works")
          .log("the journal writes again");
    }
  }

  private void append(List<Pending> batch, long first) throws IOException {
    Segment into = segment;
    JournalDisk.Output out = output;
    if (into == null || out == null || into.extent().length() >= segmentBytes) {
      closeOutput();
      SegmentHeader header = new SegmentHeader(first, durableEnd);
      into = Segment.empty(folder.resolve(header.fileName()), header);
      out = disk.create(into.path());
      output = out;
      segment = into;
      segments.add(into);
      out.write(header.bytes());
    }
    ByteBuffer bytes = encode(batch, first);
    long length = into.extent().length() + bytes.remaining();
    out.write(bytes);
    out.force();
    into.extend(length, first + batch.size());
  }

  private ByteBuffer encode(List<Pending> batch, long first) {
    int size = 0;
    for (Pending pending : batch) {
      size += pending.size();
    }
    if (buffer.capacity() < size) {
      buffer = ByteBuffer.allocateDirect(size);
    }
    buffer.clear();
    for (int i = 0; i < batch.size(); i++) {
      new JournalRecord(first + i, first, batch.get(i).payload).writeTo(buffer);
    }
    return buffer.flip();
  }

  private void failed(Exception cause) {
    if (!failing) {
      log.atError()
          .addKeyValue("event.action", "audit.journal.failed")
          .setCause(cause)
          .log("the journal cannot be written: critical events are refused until it can");
    }
    failing = true;
    retryAtNanos = System.nanoTime() + PAUSE.toNanos();
    Segment given = segment;
    if (given != null) {
      if (output != null) {
        try {
          output.truncate(given.extent().length());
        } catch (IOException e) {
          cause.addSuppressed(e);
        }
      }
      if (given.isEmpty()) {
        segments.remove(given);
      }
    }
    try {
      closeOutput();
      if (given != null && given.isEmpty()) {
        Files.deleteIfExists(given.path());
      }
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** Closes the segment; a later batch begins a new one. */
  void closeOutput() throws IOException {
    JournalDisk.Output closing = output;
    output = null;
    segment = null;
    if (closing != null) {
      closing.close();
    }
  }
}
