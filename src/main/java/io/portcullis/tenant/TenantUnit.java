package io.portcullis.tenant;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.EventLoop;
import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One unit of work on its way through one connection.
 *
 * <p>All messages are written before the first answer is read. What follows from each failure:
 *
 * <ul>
 *   <li>the server refused something: every later message is refused too (25P02) and COMMIT rolls
 *       back; the connection is good again after a ROLLBACK of our own has been answered;
 *   <li>the driver refused something (an argument of the wrong type): the server never hears of
 *       that statement and would commit the others, so the connection is cut at once, before the
 *       COMMIT that stands behind it in the driver's queue can be written;
 *   <li>the connection or the deadline is gone: the connection is cut.
 * </ul>
 *
 * <p>Confined to the connection's event loop after {@link #granted}, but for the promise.
 */
final class TenantUnit implements BackendUser {
  private static final Logger LOG = LoggerFactory.getLogger(TenantUnit.class);
  private static final String CHECK = "SELECT current_user::text, current_setting('search_path')";

  private final BackendPool pool;
  private final ContextInternal caller;
  private final PromiseInternal<List<Rows>> promise;
  private final String role;
  private final String prefix;
  private final List<Statement> statements;
  private final boolean check;
  private final long deadlineNanos;
  private final Counter violations;

  private @Nullable Pipeline running;
  private int retries;

  TenantUnit(
      BackendPool pool,
      ContextInternal caller,
      String role,
      String prefix,
      List<Statement> statements,
      boolean check,
      long deadlineNanos,
      Counter violations) {
    this.pool = pool;
    this.caller = caller;
    this.promise = caller.promise();
    this.role = role;
    this.prefix = prefix;
    this.statements = statements;
    this.check = check;
    this.deadlineNanos = deadlineNanos;
    this.violations = violations;
  }

  Future<List<Rows>> future() {
    return promise.future();
  }

  @Override
  public EventLoop loop() {
    return caller.nettyEventLoop();
  }

  @Override
  public String affinity() {
    return role;
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public void refused(Rejection rejection) {
    promise.tryFail(rejection);
  }

  @Override
  public void overdue() {
    promise.tryFail(SqlFailure.timeout());
  }

  @Override
  public void granted(Backend backend) {
    backend.context().emit(ignored -> send(backend));
  }

  private void send(Backend backend) {
    Pipeline pipeline = new Pipeline(backend, statements.size() + (check ? 3 : 2));
    running = pipeline;
    try {
      backend.connection().group(client -> write(client, pipeline));
    } catch (RuntimeException e) {
      pool.discard(backend);
      promise.tryFail(e);
    }
  }

  private void write(SqlClient client, Pipeline pipeline) {
    int index = 0;
    pipeline.expect(index++, client.query(prefix).execute());
    for (Statement statement : statements) {
      pipeline.expect(
          index++,
          client.preparedQuery(statement.sql()).execute(PgArguments.tuple(statement.args())));
    }
    if (check) {
      pipeline.expect(index++, client.preparedQuery(CHECK).execute());
    }
    pipeline.expect(index, client.query("COMMIT").execute());
  }

  private void finished(Pipeline pipeline) {
    Throwable failure = pipeline.failure;
    if (failure == null) {
      if (check && violated(pipeline.answers.get(statements.size() + 1))) {
        pool.discard(pipeline.backend);
        promise.tryFail(Rejection.of(Problem.INTERNAL, "isolation-violation", "Internal error."));
        return;
      }
      pool.release(pipeline.backend);
      succeed(pipeline.answers);
      return;
    }
    if (SqlFailure.isStalePlan(failure) && retries < statements.size()) {
      retries++;
      rollback(pipeline.backend, () -> send(pipeline.backend));
      return;
    }
    promise.tryFail(rejection(pipeline));
    rollback(pipeline.backend, () -> pool.release(pipeline.backend));
  }

  private RuntimeException rejection(Pipeline pipeline) {
    PgException failure = (PgException) java.util.Objects.requireNonNull(pipeline.failure);
    return pipeline.failedAt == 0 && SqlFailure.isRoleRefused(failure)
        ? SqlFailure.suspended()
        : SqlFailure.of(failure);
  }

  private void succeed(List<@Nullable RowSet<Row>> answers) {
    List<Rows> results = new ArrayList<>(statements.size());
    for (int i = 1; i <= statements.size(); i++) {
      results.add(Rows.of(java.util.Objects.requireNonNull(answers.get(i))));
    }
    promise.tryComplete(results);
  }

  private boolean violated(@Nullable RowSet<Row> answer) {
    Row row = java.util.Objects.requireNonNull(answer).iterator().next();
    if (role.equals(row.getString(0)) && TenantSession.path(role).equals(row.getString(1))) {
      return false;
    }
    violations.increment();
    LOG.atError()
        .addKeyValue("event.action", "tenant.isolation.violation")
        .addKeyValue("portcullis.role.expected", role)
        .addKeyValue("portcullis.role.found", row.getString(0))
        .log("a unit of work ran as another role than its tenant's");
    return true;
  }

  /** The next user must find no transaction; if that cannot be had, the connection goes. */
  private void rollback(Backend backend, Runnable next) {
    backend
        .connection()
        .query("ROLLBACK")
        .execute()
        .onComplete(done -> next.run(), failure -> abandon(backend, failure));
  }

  private void abandon(Backend backend, Throwable failure) {
    // A reset arrives as a failed read before the connection counts as closed.
    boolean lost = !backend.isOpen() || failure instanceof IOException;
    pool.discard(backend);
    promise.tryFail(
        lost || failure instanceof PgException ? SqlFailure.unavailable() : bug(failure));
  }

  private static RuntimeException bug(Throwable failure) {
    return new IllegalArgumentException(
        "the driver refused a statement: " + failure.getMessage(), failure);
  }

  /** The answers of one attempt. */
  private final class Pipeline {
    private final Backend backend;
    private final List<@Nullable RowSet<Row>> answers;
    private int missing;
    private int failedAt = -1;
    private @Nullable Throwable failure;
    private boolean abandoned;

    Pipeline(Backend backend, int expected) {
      this.backend = backend;
      this.missing = expected;
      this.answers = new ArrayList<>(java.util.Collections.nCopies(expected, null));
    }

    void expect(int index, Future<RowSet<Row>> answer) {
      answer.onComplete(rows -> arrived(index, rows, null), error -> arrived(index, null, error));
    }

    private void arrived(int index, @Nullable RowSet<Row> rows, @Nullable Throwable error) {
      if (abandoned || running != this) {
        return;
      }
      if (error != null && !(error instanceof PgException)) {
        abandoned = true;
        abandon(backend, failure == null ? error : failure);
        return;
      }
      answers.set(index, rows);
      if (error != null && failure == null) {
        failure = error;
        failedAt = index;
      }
      missing--;
      if (missing == 0) {
        finished(this);
      }
    }
  }
}
