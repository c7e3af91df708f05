package io.portcullis.audit;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a segment file: {@code u64 magic, u64 firstSeq, u64 previousEnd, u32 crc32c}.
 *
 * @param firstSeq the number of the segment's first record
 * @param previousEnd one more than the last record that was acknowledged before this segment was
 *     begun; what the previous segment holds beyond it was refused to its senders, what it lacks
 *     below it is lost
 */
record SegmentHeader(long firstSeq, long previousEnd) {
  /** Bytes on disk. */
  static final int BYTES = 28;

  private static final long MAGIC = 0x5043_4A52_4E4C_310AL;
  private static final Pattern FILE = Pattern.compile("(\\d{20})\\.journal");

  /** The name of the file of the segment. */
  String fileName() {
    return String.format(Locale.ROOT, "%020d.journal", firstSeq);
  }

  /** The number of the first record by a file's name; empty when it is no segment. */
  static OptionalLong firstSeq(String fileName) {
    Matcher name = FILE.matcher(fileName);
    return name.matches() ? OptionalLong.of(Long.parseLong(name.group(1))) : OptionalLong.empty();
  }

  ByteBuffer bytes() {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(MAGIC).putLong(firstSeq).putLong(previousEnd);
    return out.putInt(checksum(out)).flip();
  }

  /** The header, or null when these bytes are none. */
  static @Nullable SegmentHeader read(ByteBuffer in) {
    if (in.remaining() < BYTES || in.getLong(0) != MAGIC || in.getInt(24) != checksum(in)) {
      return null;
    }
    return new SegmentHeader(in.getLong(8), in.getLong(16));
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(0, BYTES - 4));
    return (int) crc.getValue();
  }
}
