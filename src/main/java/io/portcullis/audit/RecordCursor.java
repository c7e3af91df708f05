package io.portcullis.audit;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * Walks the records of a part of a segment file. Bytes that are no record become a {@link Damage}
 * and the walk goes on at the next sound record, so one bad sector costs only what it hit. Not
 * thread-safe.
 */
final class RecordCursor {
  private static final int WINDOW_BYTES =
      2 * (JournalRecord.HEADER_BYTES + JournalRecord.MAX_PAYLOAD_BYTES);

  private final FileChannel file;
  private final String name;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowStart;
  private long offset;
  private long limit;
  private long expectedSeq;

  /** Begins at the offset, where the record {@code expectedSeq} should be. */
  RecordCursor(FileChannel file, String name, long offset, long expectedSeq) {
    this.file = file;
    this.name = name;
    this.offset = offset;
    this.limit = offset;
    this.expectedSeq = expectedSeq;
  }

  /** What the walk meets. */
  sealed interface Step {
    /** A sound record, which begins at the offset. */
    record Sound(long offset, JournalRecord record) implements Step {}

    /** Something unreadable. */
    record Broken(Damage damage) implements Step {}
  }

  /** Allows the walk to go on up to this offset. */
  RecordCursor upTo(long newLimit) {
    limit = newLimit;
    return this;
  }

  /** The next record or damage; null at the limit. */
  @Nullable Step next() throws IOException {
    if (offset >= limit) {
      return null;
    }
    JournalRecord record = recordAt(offset);
    if (record != null && record.seq() == expectedSeq) {
      long start = offset;
      offset += record.size();
      expectedSeq++;
      return new Step.Sound(start, record);
    }
    return new Step.Broken(skip());
  }

  private Damage skip() throws IOException {
    long from = offset;
    long missing = expectedSeq;
    for (long candidate = from; candidate < limit; candidate++) {
      JournalRecord record = recordAt(candidate);
      if (record != null && record.seq() >= expectedSeq) {
        offset = candidate;
        expectedSeq = record.seq();
        return new Damage(name, from, candidate - from, missing, expectedSeq);
      }
    }
    offset = limit;
    return new Damage(name, from, limit - from, missing, Damage.NOTHING_FOLLOWS);
  }

  private @Nullable JournalRecord recordAt(long at) throws IOException {
    if (!inWindow(at, JournalRecord.HEADER_BYTES)) {
      return null;
    }
    int length = JournalRecord.lengthAt(window, (int) (at - windowStart));
    if (length < 0 || !inWindow(at, JournalRecord.HEADER_BYTES + length)) {
      return null;
    }
    return JournalRecord.readFrom(window, (int) (at - windowStart));
  }

  /** Makes the bytes available in the window; false when they lie beyond the limit. */
  private boolean inWindow(long at, int bytes) throws IOException {
    if (at + bytes > limit) {
      return false;
    }
    if (at >= windowStart && at + bytes <= windowStart + window.limit()) {
      return true;
    }
    windowStart = at;
    window.clear().limit((int) Math.min(WINDOW_BYTES, limit - at));
    while (window.hasRemaining()) {
      if (file.read(window, windowStart + window.position()) < 0) {
        window.flip();
        throw new EOFException(name + " ends before its recorded length " + limit);
      }
    }
    window.flip();
    return true;
  }
}
