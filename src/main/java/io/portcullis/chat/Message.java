package io.portcullis.chat;

import java.time.Instant;
import java.util.UUID;

/**
 * A message as stored. It never changes.
 *
 * @param id UUIDv7
 * @param conversationId where it was said
 * @param number its place in the conversation, from 1 without gaps; never shown
 * @param role who said it: {@code user}
 * @param content 1 to 32,000 characters
 * @param createdAt to the microsecond
 */
record Message(
    UUID id, UUID conversationId, long number, String role, String content, Instant createdAt) {}
