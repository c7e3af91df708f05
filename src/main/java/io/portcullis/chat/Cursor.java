package io.portcullis.chat;

import io.portcullis.model.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The opaque cursor of a list: base64url of a position and a checksum over the list's name and the
 * position, so that a mangled cursor, or one of another list, is noticed. It is not a secret and
 * grants nothing: a position only ever selects within what the caller may see.
 */
final class Cursor {
  private static final int CONVERSATION_BYTES = 24;
  private static final int MESSAGE_BYTES = 8;
  private static final int CHECKSUM_BYTES = 4;
  private static final int MAX_LENGTH = 64;
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** So far that no list reaches it, and near enough for every arithmetic. */
  private static final long MAX_MICROS =
      ChronoUnit.MICROS.between(Instant.EPOCH, Position.START.createdAt());

  private Cursor() {}

  static String ofConversations(Conversation last) {
    ByteBuffer position = ByteBuffer.allocate(CONVERSATION_BYTES);
    position.putLong(ChronoUnit.MICROS.between(Instant.EPOCH, last.createdAt()));
    position.putLong(last.id().getMostSignificantBits());
    position.putLong(last.id().getLeastSignificantBits());
    return encode("conversations", position.array());
  }

  static Position toConversations(String cursor) {
    ByteBuffer position = decode("conversations", cursor, CONVERSATION_BYTES);
    long micros = position.getLong();
    if (micros < 0 || micros > MAX_MICROS) {
      throw invalid();
    }
    Instant createdAt = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return new Position(createdAt, new UUID(position.getLong(), position.getLong()));
  }

  static String ofMessages(Message last) {
    byte[] position = ByteBuffer.allocate(MESSAGE_BYTES).putLong(last.number()).array();
    return encode("messages " + last.conversationId(), position);
  }

  static long toMessages(UUID conversation, String cursor) {
    long number = decode("messages " + conversation, cursor, MESSAGE_BYTES).getLong();
    if (number < 0) {
      throw invalid();
    }
    return number;
  }

  private static String encode(String list, byte[] position) {
    ByteBuffer bytes = ByteBuffer.allocate(position.length + CHECKSUM_BYTES);
    bytes.put(position).putInt(checksum(list, position));
    return ENCODER.encodeToString(bytes.array());
  }

  private static ByteBuffer decode(String list, String cursor, int length) {
    if (cursor.length() > MAX_LENGTH) {
      throw invalid();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(cursor);
    } catch (IllegalArgumentException notBase64) {
      throw invalid();
    }
    if (bytes.length != length + CHECKSUM_BYTES || !ENCODER.encodeToString(bytes).equals(cursor)) {
      throw invalid();
    }
    byte[] position = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).get(position);
    if (buffer.getInt() != checksum(list, position)) {
      throw invalid();
    }
    return ByteBuffer.wrap(position);
  }

  private static int checksum(String list, byte[] position) {
    CRC32C checksum = new CRC32C();
    checksum.update(list.getBytes(StandardCharsets.UTF_8));
    checksum.update(position);
    return (int) checksum.getValue();
  }

  private static Rejection invalid() {
    return Refusals.invalid("cursor", "is not a cursor of this list; take it from next_cursor");
  }
}
