package io.portcullis.session;

import java.time.Instant;

/**
 * What can be told of a session without its cookie.
 *
 * @param id its public name
 * @param created when it began
 */
public record SessionEntry(String id, Instant created) {}
