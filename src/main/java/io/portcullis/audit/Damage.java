package io.portcullis.audit;

/**
 * A place of the journal where records were durable and are not readable any more.
 *
 * @param file the segment's file name
 * @param offset where the unreadable bytes begin
 * @param length how many they are; 0 when the records are not there at all
 * @param firstSeq the first record that is missing
 * @param nextSeq the next record that is there
 */
record Damage(String file, long offset, long length, long firstSeq, long nextSeq) {
  /** Stands for {@link #nextSeq} where nothing readable follows. */
  static final long NOTHING_FOLLOWS = Long.MAX_VALUE;

  /** How many records are missing. */
  long lost() {
    return nextSeq - firstSeq;
  }

  /** The same damage as far as it concerns the records {@code from} (inclusive) and later. */
  Damage from(long seq) {
    return new Damage(file, offset, length, Math.clamp(seq, firstSeq, nextSeq), nextSeq);
  }

  /** The same damage, of which only the records before {@code end} matter. */
  Damage endingAt(long end) {
    return new Damage(file, offset, length, firstSeq, Math.min(nextSeq, end));
  }
}
