package io.portcullis.audit;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * The door to the tables {@code audit.head} and {@code audit.entry}.
 *
 * <p>Values are {@code String}, {@code Long}, {@code UUID}, {@code Instant} and {@code byte[]}; an
 * argument can also be an array, whose elements are the driver's: {@code String}, {@code Long},
 * {@code UUID}, {@code OffsetDateTime}, {@code Buffer}. SQL uses {@code $1}.
 *
 * <p>A transaction reads committed data (each statement sees what was committed before it began).
 * Failures: {@link ChainSqlException} when the database refused a statement, with its SQLSTATE; any
 * other failure means that it could not be reached or did not answer in time, and whether the
 * transaction was committed is unknown.
 */
public interface ChainDatabase {
  /** Runs the work in one transaction: committed when its future succeeds, else rolled back. */
  <T> Future<T> transaction(Function<ChainTransaction, Future<T>> work);

  /** One open transaction. */
  interface ChainTransaction {
    /** Runs one statement and returns its rows; an empty list when it has none. */
    Future<List<Object[]>> query(String sql, Object... args);
  }

  /** The database refused a statement. */
  final class ChainSqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sqlState;

    /** With the five-character SQLSTATE and the database's message. */
    public ChainSqlException(String sqlState, String message) {
      super(message, null, false, false);
      this.sqlState = sqlState;
    }

    /** The five-character SQLSTATE. */
    public String sqlState() {
      return sqlState;
    }

    /**
     * Whether the data was refused (class 22 data exception, 23 constraint, 54 limit exceeded),
     * rather than the whole attempt: only then can leaving one event out help.
     */
    boolean refusesData() {
      return sqlState.startsWith("22") || sqlState.startsWith("23") || sqlState.startsWith("54");
    }
  }
}
