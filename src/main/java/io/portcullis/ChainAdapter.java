package io.portcullis;

import io.portcullis.audit.ChainDatabase;
import io.portcullis.tenant.PlatformDatabase;
import io.portcullis.tenant.TenantSessionException;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * The audit chain's door to the platform database: the two rooms are strangers, the floor plan
 * introduces them.
 */
public final class ChainAdapter implements ChainDatabase {
  private final PlatformDatabase platform;

  /** Through the given database. */
  public ChainAdapter(PlatformDatabase platform) {
    this.platform = platform;
  }

  @Override
  public <T> Future<T> transaction(Function<ChainTransaction, Future<T>> work) {
    return platform
        .transaction(transaction -> work.apply((sql, args) -> transaction.query(sql, args)))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof TenantSessionException sql
                        ? new ChainSqlException(sql.sqlState(), String.valueOf(sql.getMessage()))
                        : failure));
  }
}
