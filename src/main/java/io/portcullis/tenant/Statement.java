package io.portcullis.tenant;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement with its arguments, for a {@link TenantSession}.
 *
 * <p>The text is a constant of ours with {@code $1}, {@code $2} … in it; a caller's value is only
 * ever an argument. Arguments may be {@code UUID}, {@code String}, {@code Instant}, {@code byte[]},
 * numbers, booleans and null.
 *
 * @param sql begins with SELECT, INSERT, UPDATE, DELETE or WITH; anything else could change the
 *     session, and is refused
 * @param args in the order of their numbers
 */
public record Statement(String sql, List<@Nullable Object> args) {
  private static final Set<String> VERBS = Set.of("select", "insert", "update", "delete", "with");
  private static final int LONGEST_VERB = 6;

  /** Copies the arguments and checks the verb. */
  public Statement {
    if (!VERBS.contains(verb(sql))) {
      throw new IllegalArgumentException(
          "a statement begins with SELECT, INSERT, UPDATE, DELETE or WITH");
    }
    args = Collections.unmodifiableList(new ArrayList<>(args));
  }

  /** A statement with these arguments. */
  public static Statement of(String sql, @Nullable Object... args) {
    return new Statement(sql, java.util.Arrays.asList(args));
  }

  private static String verb(String sql) {
    int start = 0;
    while (start < sql.length() && Character.isWhitespace(sql.charAt(start))) {
      start++;
    }
    int end = start;
    while (end < sql.length() && end - start <= LONGEST_VERB && isLetter(sql.charAt(end))) {
      end++;
    }
    return sql.substring(start, end).toLowerCase(Locale.ROOT);
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
