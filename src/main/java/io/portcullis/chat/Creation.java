package io.portcullis.chat;

import java.time.Instant;
import java.util.UUID;

/** What came of a creation. */
sealed interface Creation {

  /**
   * The thing exists.
   *
   * @param id its id
   * @param at when it was created, to the microsecond
   * @param replayed whether an earlier request with the same key and the same wish created it
   */
  record Done(UUID id, Instant at, boolean replayed) implements Creation {}

  /** The key was used for another wish. */
  record KeyReused() implements Creation {}

  /** What it should belong to does not exist in the scope. */
  record NoParent() implements Creation {}
}
