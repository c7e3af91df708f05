package io.portcullis.audit;

import java.nio.file.Path;

/**
 * What is durable of one segment file. The writer thread extends it, every thread reads it.
 *
 * @implNote immutable extent behind one volatile, so a reader sees length and end of the same batch
 */
final class Segment {
  private final Path path;
  private final SegmentHeader header;
  private volatile Extent extent;

  Segment(Path path, SegmentHeader header, Extent extent) {
    this.path = path;
    this.header = header;
    this.extent = extent;
  }

  /** A new one without records. */
  static Segment empty(Path path, SegmentHeader header) {
    return new Segment(path, header, new Extent(SegmentHeader.BYTES, header.firstSeq()));
  }

  /**
   * The durable part.
   *
   * @param length bytes
   * @param endSeq one more than the number of the last record
   */
  record Extent(long length, long endSeq) {}

  Path path() {
    return path;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  long firstSeq() {
    return header.firstSeq();
  }

  Extent extent() {
    return extent;
  }

  boolean isEmpty() {
    return extent.endSeq() == firstSeq();
  }

  /** Writer thread only, after the bytes are on disk. */
  void extend(long length, long endSeq) {
    extent = new Extent(length, endSeq);
  }
}
