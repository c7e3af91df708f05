package io.portcullis.session;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an index tells of a session: {@code name.id.created}.
 *
 * @param record the name of its record
 * @param id the session's public name
 * @param created when it began
 */
record IndexMember(String record, String id, Instant created) {
  private static final Pattern SHAPE =
      Pattern.compile("([A-Za-z0-9_-]{43})\\.([A-Za-z0-9_-]{16})\\.([0-9]{1,15})");

  static IndexMember of(Handle handle, Session session) {
    return new IndexMember(handle.name(), session.id(), session.created());
  }

  /** Reads one; empty when it is not ours. */
  static Optional<IndexMember> parse(String text) {
    Matcher matcher = SHAPE.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new IndexMember(
                matcher.group(1),
                matcher.group(2),
                Instant.ofEpochMilli(Long.parseLong(matcher.group(3)))))
        : Optional.empty();
  }

  String text() {
    return record + "." + id + "." + created.toEpochMilli();
  }
}
