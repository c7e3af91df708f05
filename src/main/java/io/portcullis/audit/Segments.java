package io.portcullis.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The segment files that exist, oldest first; safe on every thread. */
final class Segments {
  private final List<Segment> segments;

  Segments(List<Segment> recovered) {
    this.segments = new ArrayList<>(recovered);
  }

  synchronized void add(Segment segment) {
    segments.add(segment);
  }

  synchronized void remove(Segment segment) {
    segments.remove(segment);
  }

  /** Bytes of all of them on disk. */
  synchronized long bytes() {
    long bytes = 0;
    for (Segment segment : segments) {
      bytes += segment.extent().length();
    }
    return bytes;
  }

  /** Bytes of those that hold the record or a later one; the segment of the record counts whole. */
  synchronized long bytesFrom(long seq) {
    long bytes = 0;
    for (Segment segment : segments) {
      if (segment.extent().endSeq() > seq) {
        bytes += segment.extent().length();
      }
    }
    return bytes;
  }

  /** The first segment with this record or a later one. */
  synchronized Optional<Segment> holding(long seq) {
    return segments.stream().filter(s -> s.extent().endSeq() > seq).findFirst();
  }

  /**
   * Those that hold only records before this one, but never the newest, which may be written to.
   */
  synchronized List<Segment> before(long seq) {
    return segments.stream()
        .limit(Math.max(0, segments.size() - 1))
        .filter(s -> s.extent().endSeq() <= seq)
        .toList();
  }
}
