package io.portcullis.chat;

import java.time.Instant;
import java.util.UUID;

/**
 * A conversation as stored.
 *
 * @param id UUIDv7
 * @param owner the subject it belongs to
 * @param title one line, 1 to 200 characters
 * @param createdAt to the microsecond
 * @param updatedAt when its title changed or a message came, to the microsecond
 */
record Conversation(UUID id, String owner, String title, Instant createdAt, Instant updatedAt) {}
