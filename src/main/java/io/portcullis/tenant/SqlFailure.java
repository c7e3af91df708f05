package io.portcullis.tenant;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Objects;

/** Turns what the driver and the server say into what callers are promised. */
final class SqlFailure {
  static final String DEPENDENCY = "postgresql";

  private static final Duration SOON = Duration.ofSeconds(1);

  private SqlFailure() {}

  /** Nobody to talk to, or an answer that did not come. */
  static Rejection unavailable() {
    return Rejection.unavailable(DEPENDENCY);
  }

  /** The deadline passed, ours or the server's. */
  static Rejection timeout() {
    return Rejection.retryable(
        Problem.DEPENDENCY_UNAVAILABLE,
        DEPENDENCY + "-timeout",
        "A part of the platform that this request needs did not answer in time.",
        SOON);
  }

  /** More work waits for the database than may. */
  static Rejection overloaded() {
    return Rejection.retryable(
        Problem.OVERLOADED, DEPENDENCY + "-queue-full", "Too much to do at the moment.", SOON);
  }

  /** The database does not let requests become this tenant: it is suspended or gone. */
  static Rejection suspended() {
    return Rejection.of(
        Problem.TENANT_SUSPENDED, "tenant-role-refused", "The tenant is suspended.");
  }

  /** Whether the server refused the tenant's role: not granted any more, or not there. */
  static boolean isRoleRefused(Throwable failure) {
    return failure instanceof PgException sql
        && ("42501".equals(sql.getSqlState()) || "22023".equals(sql.getSqlState()));
  }

  /**
   * Whether a cached plan no longer fits the tenant's tables. The driver has dropped it from its
   * cache and the transaction is rolled back, so the unit can be tried again.
   */
  static boolean isStalePlan(Throwable failure) {
    return failure instanceof PgException sql
        && (("0A000".equals(sql.getSqlState())
                && String.valueOf(sql.getErrorMessage()).startsWith("cached plan"))
            || ("08P01".equals(sql.getSqlState())
                && String.valueOf(sql.getErrorMessage()).startsWith("bind message has")));
  }

  /** What a caller gets for an error that the server reported. */
  static RuntimeException of(PgException sql) {
    String state = Objects.requireNonNullElse(sql.getSqlState(), "");
    if (state.equals("57014")) {
      return timeout();
    }
    if (isOutage(state)) {
      return unavailable();
    }
    return new TenantSessionException(
        state,
        Objects.requireNonNullElse(sql.getConstraint(), ""),
        "the database refused a statement: " + state + " " + sql.getErrorMessage());
  }

  /** Connection trouble, shutdown, lack of resources, or a transaction that idled too long. */
  private static boolean isOutage(String state) {
    return state.startsWith("08")
        || state.startsWith("53")
        || state.startsWith("57P")
        || state.startsWith("58")
        || state.equals("25P03");
  }
}
