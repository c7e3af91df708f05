package io.portcullis.tenant;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One row. Columns are read by name; a name that the statement does not give, a null where none was
 * expected, or another type is a mistake of ours and throws.
 */
public final class Row {
  private final io.vertx.sqlclient.Row row;

  Row(io.vertx.sqlclient.Row row) {
    this.row = row;
  }

  /** A {@code uuid}. */
  public UUID uuid(String column) {
    return required(column, row.getUUID(column));
  }

  /** A {@code text}. */
  public String text(String column) {
    return required(column, row.getString(column));
  }

  /** A {@code text} that may be null. */
  public Optional<String> optionalText(String column) {
    return Optional.ofNullable(row.getString(column));
  }

  /** A {@code timestamptz}, to the microsecond. */
  public Instant instant(String column) {
    OffsetDateTime at = row.getOffsetDateTime(column);
    return required(column, at).toInstant();
  }

  /** An {@code int} or {@code bigint}. */
  public long number(String column) {
    return required(column, row.getLong(column));
  }

  /** An {@code int} or {@code bigint} that may be null. */
  public Optional<Long> optionalNumber(String column) {
    return Optional.ofNullable(row.getLong(column));
  }

  /** A {@code boolean}. */
  public boolean flag(String column) {
    return required(column, row.getBoolean(column));
  }

  /** A {@code bytea}. */
  public byte[] bytes(String column) {
    Buffer bytes = row.getBuffer(column);
    return required(column, bytes).getBytes();
  }

  /** Whether the column is null. */
  public boolean isNull(String column) {
    return row.getValue(column) == null;
  }

  private static <T> T required(String column, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("column " + column + " is null");
    }
    return value;
  }
}
