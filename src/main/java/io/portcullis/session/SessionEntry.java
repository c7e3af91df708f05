package io.portcullis.session;

import java.time.Instant;

/**
 * What can be told of a session without its cookie.
 *
 * @param id its public name
 * @param created when it began
 * @param absoluteEnd when it ends at the latest
 */
public record SessionEntry(String id, Instant created, Instant absoluteEnd) {}
