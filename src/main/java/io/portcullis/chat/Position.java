package io.portcullis.chat;

import java.time.Instant;
import java.util.UUID;

/**
 * A place in the list of conversations, which is ordered by creation and, within a microsecond, by
 * id, both descending.
 */
record Position(Instant createdAt, UUID id) {
  /** Before the newest conversation. */
  static final Position START =
      new Position(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));
}
