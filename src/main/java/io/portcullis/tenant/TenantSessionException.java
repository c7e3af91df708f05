package io.portcullis.tenant;

/**
 * The database refused a statement: for callers that know what to make of it (a unique violation),
 * and a mistake of ours otherwise. Carries no stack and no value of the statement.
 */
public final class TenantSessionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A row with this key exists. */
  public static final String UNIQUE_VIOLATION = "23505";

  /** The row that is referred to does not exist. */
  public static final String FOREIGN_KEY_VIOLATION = "23503";

  private final String sqlState;
  private final String constraint;

  TenantSessionException(String sqlState, String constraint, String message) {
    super(message, null, false, false);
    this.sqlState = sqlState;
    this.constraint = constraint;
  }

  /** The five characters of the SQL standard. */
  public String sqlState() {
    return sqlState;
  }

  /** The name of the violated constraint; empty when none was. */
  public String constraint() {
    return constraint;
  }
}
