package io.portcullis.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the journal that an earlier run left behind, however that run ended.
 *
 * <p>A write that was under way when the machine died leaves an unfinished end: nobody had been
 * told that it was durable, so it is cut off and that is said. Unreadable bytes in front of
 * something that was written later are another matter: those records had been acknowledged. They
 * are reported as {@link Damage}, never passed over. What tells the two apart is {@link
 * JournalRecord#batch} and {@link SegmentHeader#previousEnd}.
 */
final class JournalRecovery {
  private static final Logger log = LoggerFactory.getLogger(JournalRecovery.class);

  private final JournalFolder folder;
  private final List<Segment> segments = new ArrayList<>();
  private final List<Damage> damages = new ArrayList<>();
  private long position;
  private long end = 1;

  private JournalRecovery(JournalFolder folder) {
    this.folder = folder;
  }

  /**
   * What is there.
   *
   * @param segments the readable segments
   * @param position the next record to drain
   * @param end the number for the next record
   * @param damages what is unreadable and was not drained yet
   */
  record Recovered(List<Segment> segments, long position, long end, List<Damage> damages) {}

  static Recovered recover(JournalFolder folder) throws IOException {
    return new JournalRecovery(folder).run();
  }

  private Recovered run() throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path path : folder.segments()) {
      found.add(new Found(path, header(path)));
    }
    OptionalLong known = folder.position();
    position = known.orElseGet(() -> found.stream().findFirst().map(Found::firstSeq).orElse(1L));
    end = position;
    for (int i = 0; i < found.size(); i++) {
      Found segment = found.get(i);
      SegmentHeader header = segment.header();
      if (i == 0 && known.isPresent() && header != null && header.previousEnd() > position) {
        report(new Damage(segment.name(), 0, 0, position, header.previousEnd()));
      }
      SegmentHeader next = i + 1 < found.size() ? found.get(i + 1).header() : null;
      recover(segment, next == null ? -1 : next.previousEnd(), i + 1 == found.size());
    }
    return new Recovered(segments, position, end, damages);
  }

  private void recover(Found found, long acknowledgedEnd, boolean newest) throws IOException {
    SegmentHeader header = found.header();
    if (header == null) {
      if (newest && Files.size(found.path()) <= SegmentHeader.BYTES) {
        Files.delete(found.path());
        say("an unfinished journal file was removed", found.name(), 0, 0);
        return;
      }
      header = new SegmentHeader(found.firstSeq(), found.firstSeq());
      log.atError()
          .addKeyValue("event.action", "audit.journal.damaged")
          .addKeyValue("file.name", found.name())
          .log("the head of a journal file is unreadable; its records are read all the same");
    }
    try (FileChannel file =
        FileChannel.open(found.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Scan scan = scan(file, found.name(), header.firstSeq(), acknowledgedEnd);
      scan.damages().forEach(this::report);
      if (newest && scan.length() < file.size()) {
        say(
            "the unfinished end of the journal was cut off",
            found.name(),
            scan.length(),
            file.size() - scan.length());
        file.truncate(scan.length());
        file.force(true);
      }
      segments.add(
          new Segment(found.path(), header, new Segment.Extent(scan.length(), scan.endSeq())));
      end = Math.max(end, scan.endSeq());
    }
  }

  /** The acknowledged part of a segment, and what of it is unreadable. */
  private record Scan(long length, long endSeq, List<Damage> damages) {}

  private static Scan scan(FileChannel file, String name, long firstSeq, long acknowledgedEnd)
      throws IOException {
    RecordCursor cursor =
        new RecordCursor(file, name, SegmentHeader.BYTES, firstSeq).upTo(file.size());
    List<Damage> broken = new ArrayList<>();
    long acknowledged = Math.max(firstSeq, acknowledgedEnd);
    long length = SegmentHeader.BYTES;
    long endSeq = firstSeq;
    for (var step = cursor.next(); step != null; step = cursor.next()) {
      switch (step) {
        case RecordCursor.Step.Broken(Damage damage) -> broken.add(damage);
        case RecordCursor.Step.Sound(long offset, JournalRecord record) -> {
          if (acknowledgedEnd >= 0 && record.seq() >= acknowledgedEnd) {
            return new Scan(length, acknowledged, before(acknowledged, broken));
          }
          acknowledged =
              acknowledgedEnd >= 0 ? acknowledged : Math.max(acknowledged, record.batch());
          length = offset + record.size();
          endSeq = record.seq() + 1;
        }
      }
    }
    List<Damage> damages = before(acknowledged, broken);
    for (Damage damage : broken) {
      if (damage.firstSeq() >= acknowledged) {
        return new Scan(damage.offset(), damage.firstSeq(), damages);
      }
    }
    if (endSeq < acknowledged
        && (damages.isEmpty() || damages.getLast().nextSeq() < acknowledged)) {
      damages.add(new Damage(name, length, 0, endSeq, acknowledged));
    }
    return new Scan(length, Math.max(endSeq, acknowledged), damages);
  }

  private static List<Damage> before(long acknowledged, List<Damage> broken) {
    List<Damage> damages = new ArrayList<>();
    for (Damage damage : broken) {
      if (damage.firstSeq() < acknowledged) {
        damages.add(damage.endingAt(acknowledged));
      }
    }
    return damages;
  }

  private void report(Damage damage) {
    Damage open = damage.from(position);
    if (open.lost() > 0) {
      damages.add(open);
    }
  }

  private static @Nullable SegmentHeader header(Path path) throws IOException {
    SegmentHeader header;
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      header = SegmentHeader.read(JournalFolder.read(file, 0, SegmentHeader.BYTES));
    }
    return header != null && header.fileName().equals(String.valueOf(path.getFileName()))
        ? header
        : null;
  }

  private record Found(Path path, @Nullable SegmentHeader header) {
    String name() {
      return String.valueOf(path.getFileName());
    }

    long firstSeq() {
      return SegmentHeader.firstSeq(name()).orElseThrow();
    }
  }

  private static void say(String what, String file, long offset, long bytes) {
    log.atWarn()
        .addKeyValue("event.action", "audit.journal.recovered")
        .addKeyValue("file.name", file)
        .addKeyValue("offset", offset)
        .addKeyValue("bytes", bytes)
        .log(what);
  }
}
