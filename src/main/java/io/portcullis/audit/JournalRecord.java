package io.portcullis.audit;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One record of the journal, and its form on disk (big-endian):
 *
 * <pre>
 * u32 magic   u32 length   u64 seq   u64 batch   u32 crc32c   payload
 * </pre>
 *
 * <p>{@code seq} counts records over the life of the journal. {@code batch} is the {@code seq} of
 * the first record that was written together with this one: a record of a later batch proves that
 * all earlier ones had reached the disk, which is how a write torn by a crash is told from damage
 * to what was already acknowledged. The checksum covers everything but itself and the magic, whose
 * first byte occurs in no UTF-8 text and so in no payload.
 */
final class JournalRecord {
  /** Bytes in front of the payload. */
  static final int HEADER_BYTES = 28;

  /** Longest payload; an event's body is far below. */
  static final int MAX_PAYLOAD_BYTES = 256 * 1024;

  /** First four bytes of a record. */
  static final int MAGIC = 0xFA5043FA;

  private final long seq;
  private final long batch;
  private final byte[] payload;

  JournalRecord(long seq, long batch, byte[] payload) {
    this.seq = seq;
    this.batch = batch;
    this.payload = payload;
  }

  long seq() {
    return seq;
  }

  long batch() {
    return batch;
  }

  byte[] payload() {
    return payload;
  }

  /** Bytes on disk of a record with this payload. */
  static int size(byte[] payload) {
    return HEADER_BYTES + payload.length;
  }

  /** Bytes on disk. */
  int size() {
    return size(payload);
  }

  /** Appends the record to the buffer. */
  void writeTo(ByteBuffer out) {
    int start = out.position();
    out.putInt(MAGIC).putInt(payload.length).putLong(seq).putLong(batch).putInt(0).put(payload);
    out.putInt(start + HEADER_BYTES - 4, checksum(out, start, payload.length));
  }

  /** The record at the position, or null when these bytes are not a whole and sound record. */
  static @Nullable JournalRecord readFrom(ByteBuffer in, int position) {
    int length = lengthAt(in, position);
    if (length < 0
        || in.limit() - position < HEADER_BYTES + length
        || in.getInt(position + HEADER_BYTES - 4) != checksum(in, position, length)) {
      return null;
    }
    byte[] payload = new byte[length];
    in.get(position + HEADER_BYTES, payload);
    return new JournalRecord(in.getLong(position + 8), in.getLong(position + 16), payload);
  }

  /** The payload's length by the header at the position, or -1 when that is no header. */
  static int lengthAt(ByteBuffer in, int position) {
    if (in.limit() - position < HEADER_BYTES || in.getInt(position) != MAGIC) {
      return -1;
    }
    int length = in.getInt(position + 4);
    return length >= 0 && length <= MAX_PAYLOAD_BYTES ? length : -1;
  }

  private static int checksum(ByteBuffer bytes, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(start + 4, HEADER_BYTES - 8));
    crc.update(bytes.slice(start + HEADER_BYTES, length));
    return (int) crc.getValue();
  }
}
