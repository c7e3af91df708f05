package io.portcullis.chat;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps conversations and their messages. Every call is one unit of work: all of it happens or
 * nothing. An outage is a {@link io.portcullis.model.Rejection}.
 */
interface ConversationStore {
  /** At most {@code count} conversations behind a place, newest first. */
  Future<List<Conversation>> list(Scope scope, Position after, int count);

  /** One conversation. */
  Future<Optional<Conversation>> find(Scope scope, UUID id);

  /**
   * Creates a conversation; at most once per claim.
   *
   * @param scope of one owner, who owns it
   */
  Future<Creation> create(Scope scope, UUID id, String title, Optional<Claim> claim);

  /** Gives a conversation another title; empty when there is none. */
  Future<Optional<Conversation>> rename(Scope scope, UUID id, String title);

  /** Deletes a conversation with its messages; false when there was none. */
  Future<Boolean> delete(Scope scope, UUID id);

  /**
   * At most {@code count} messages behind the one with this number, oldest first; empty when there
   * is no such conversation.
   */
  Future<Optional<List<Message>>> messages(Scope scope, UUID conversation, long after, int count);

  /**
   * Appends a message; at most once per claim.
   *
   * @param scope of one owner
   */
  Future<Creation> append(
      Scope scope, UUID conversation, UUID id, String role, String content, Optional<Claim> claim);
}
