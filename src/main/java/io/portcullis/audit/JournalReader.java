package io.portcullis.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads durable records in order, once each, following the writer from segment to segment. Used by
 * the thread that drains; {@link #backlogBytes} is safe on every thread.
 */
final class JournalReader implements AutoCloseable {
  private final Segments segments;
  private final Consumer<Damage> onDamage;
  private @Nullable Open open;
  private volatile Place place;

  JournalReader(Segments segments, long position, Consumer<Damage> onDamage) {
    this.segments = segments;
    this.onDamage = onDamage;
    this.place = new Place(position, 0, 0);
  }

  /** The segment being read. */
  private record Open(Segment segment, FileChannel file, RecordCursor cursor) {}

  /**
   * How far we are.
   *
   * @param nextSeq the next record to return
   * @param read bytes read of the segment that holds it
   * @param held bytes returned and not drained yet
   */
  private record Place(long nextSeq, long read, long held) {}

  /** Up to this many records; empty when there is nothing more at the moment. */
  List<JournalRecord> read(int max) throws IOException {
    List<JournalRecord> records = new ArrayList<>();
    while (records.size() < max) {
      Open from = open;
      if (from == null) {
        from = openNext();
        if (from == null) {
          break;
        }
      }
      Segment.Extent extent = from.segment().extent();
      switch (from.cursor().upTo(extent.length()).next()) {
        case null -> {
          if (segments.holding(extent.endSeq()).isEmpty()) {
            return records;
          }
          moveTo(extent.endSeq());
        }
        case RecordCursor.Step.Sound(long offset, JournalRecord record) -> {
          long read = offset + record.size();
          if (record.seq() >= place.nextSeq()) {
            records.add(record);
            place = new Place(record.seq() + 1, read, place.held() + record.size());
          } else {
            place = new Place(place.nextSeq(), read, place.held());
          }
        }
        case RecordCursor.Step.Broken(Damage damage) -> skip(damage.endingAt(extent.endSeq()));
      }
    }
    return records;
  }

  private @Nullable Open openNext() throws IOException {
    Optional<Segment> next = segments.holding(place.nextSeq());
    if (next.isEmpty()) {
      return null;
    }
    Segment segment = next.get();
    try {
      FileChannel file = FileChannel.open(segment.path(), StandardOpenOption.READ);
      RecordCursor cursor =
          new RecordCursor(file, segment.name(), SegmentHeader.BYTES, segment.firstSeq());
      open = new Open(segment, file, cursor);
      return open;
    } catch (NoSuchFileException e) {
      Segment.Extent extent = segment.extent();
      skip(new Damage(segment.name(), 0, 0, segment.firstSeq(), extent.endSeq()));
      segments.remove(segment);
      return openNext();
    }
  }

  private void skip(Damage damage) {
    Damage missing = damage.from(place.nextSeq());
    place = new Place(Math.max(place.nextSeq(), damage.nextSeq()), place.read(), place.held());
    if (missing.lost() > 0) {
      onDamage.accept(missing);
    }
  }

  private void moveTo(long seq) throws IOException {
    close();
    place = new Place(Math.max(place.nextSeq(), seq), 0, place.held());
  }

  /** Everything returned so far is in the chain. */
  void drained() {
    place = new Place(place.nextSeq(), place.read(), 0);
  }

  /** Bytes on disk that are not drained. */
  long backlogBytes() {
    Place now = place;
    long ahead = segments.bytesFrom(now.nextSeq());
    return now.held() + (ahead == 0 ? 0 : Math.max(0, ahead - now.read()));
  }

  @Override
  public void close() throws IOException {
    Open closing = open;
    open = null;
    if (closing != null) {
      closing.file().close();
    }
  }
}
