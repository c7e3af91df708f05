package io.portcullis.tenant;

import io.netty.channel.EventLoop;
import io.portcullis.model.Rejection;
import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.PromiseInternal;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One statement or one transaction of the platform's schemas. Runs on the caller's context; the
 * connection follows on its own.
 */
final class PlatformUnit<T> implements BackendUser, PlatformTransaction {
  private final BackendPool pool;
  private final ContextInternal caller;
  private final PromiseInternal<T> promise;
  private final Function<PlatformTransaction, Future<T>> work;
  private final boolean transaction;
  private final long deadlineNanos;

  /** Set before the work starts. */
  private volatile @Nullable Backend backend;

  /** The first failure of any statement: after it nothing is committed. */
  private volatile @Nullable Throwable failure;

  /** Nothing is sent after the work has ended: the connection may serve another by then. */
  private volatile boolean ended;

  PlatformUnit(
      BackendPool pool,
      ContextInternal caller,
      Function<PlatformTransaction, Future<T>> work,
      boolean transaction,
      long deadlineNanos) {
    this.pool = pool;
    this.caller = caller;
    this.promise = caller.promise();
    this.work = work;
    this.transaction = transaction;
    this.deadlineNanos = deadlineNanos;
  }

  Future<T> future() {
    return promise.future();
  }

  @Override
  public EventLoop loop() {
    return caller.nettyEventLoop();
  }

  @Override
  public String affinity() {
    return "";
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
    ended = true;
    promise.tryFail(SqlFailure.timeout());
  }

  @Override
  public void granted(Backend newBackend) {
    backend = newBackend;
    caller.emit(ignored -> start(newBackend));
  }

  private void start(Backend lent) {
    if (transaction) {
      send(lent, "BEGIN");
    }
    Future<T> result;
    try {
      result = work.apply(this);
    } catch (RuntimeException e) {
      result = Future.failedFuture(e);
    }
    result.onComplete(
        value -> {
          if (transaction) {
            finish(lent, value);
          } else {
            ended = true;
            pool.release(lent);
            promise.tryComplete(value);
          }
        },
        error -> fail(lent, error));
  }

  @Override
  public Future<List<@Nullable Object[]>> query(String sql, @Nullable Object... args) {
    Backend lent = backend;
    if (lent == null || ended) {
      return caller.failedFuture(new IllegalStateException("the transaction has ended"));
    }
    PromiseInternal<List<@Nullable Object[]>> answer = caller.promise();
    lent.connection()
        .preparedQuery(sql)
        .execute(PgArguments.tuple(Arrays.asList(args)))
        .onFailure(this::failed)
        .map(PgArguments::arrays)
        .recover(error -> Future.failedFuture(translate(lent, error)))
        .onComplete(answer);
    return answer.future();
  }

  private Future<RowSet<Row>> send(Backend lent, String sql) {
    return lent.connection().query(sql).execute().onFailure(this::failed);
  }

  private void failed(Throwable error) {
    if (failure == null) {
      failure = error;
    }
  }

  /** COMMIT succeeds without committing after an error that the work has swallowed. */
  private void finish(Backend lent, T value) {
    Throwable error = failure;
    if (error != null) {
      fail(lent, translate(lent, error));
      return;
    }
    ended = true;
    send(lent, "COMMIT")
        .onComplete(
            done -> {
              // A statement that the work did not wait for may have failed meanwhile.
              Throwable late = failure;
              if (late == null) {
                pool.release(lent);
                promise.tryComplete(value);
              } else {
                fail(lent, translate(lent, late));
              }
            },
            late -> fail(lent, translate(lent, late)));
  }

  private void fail(Backend lent, Throwable error) {
    ended = true;
    promise.tryFail(error);
    boolean doubtful = failure != null && !(failure instanceof PgException);
    if (doubtful || !lent.isOpen()) {
      pool.discard(lent);
    } else if (transaction) {
      send(lent, "ROLLBACK").onComplete(done -> pool.release(lent), rollback -> pool.discard(lent));
    } else {
      pool.release(lent);
    }
  }

  private static Throwable translate(Backend lent, Throwable error) {
    if (error instanceof PgException sql) {
      return SqlFailure.of(sql);
    }
    return lent.isOpen()
        ? new IllegalArgumentException("the driver refused a statement: " + error.getMessage())
        : SqlFailure.unavailable();
  }
}
