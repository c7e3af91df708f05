package io.portcullis.audit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A real PostgreSQL with the tables of the trail, and the door to it. */
final class ChainPostgres implements AutoCloseable {
  private static final String TABLES =
      """
      CREATE SCHEMA audit;
      CREATE TABLE audit.head (
        chain text PRIMARY KEY,
        seq bigint NOT NULL CHECK (seq >= 0),
        hash bytea NOT NULL CHECK (octet_length(hash) = 32));
      CREATE TABLE audit.entry (
        chain text NOT NULL, seq bigint NOT NULL CHECK (seq > 0), event_id uuid NOT NULL,
        at timestamptz NOT NULL, body text NOT NULL,
        hash bytea NOT NULL CHECK (octet_length(hash) = 32),
        PRIMARY KEY (chain, seq), UNIQUE (chain, event_id));
      """;

  private final EmbeddedPostgres server;
  private final Pool pool;

  ChainPostgres(Vertx vertx) throws IOException {
    server = EmbeddedPostgres.start();
    pool = pool(vertx, server.getPort());
    sql(TABLES);
  }

  static Pool pool(Vertx vertx, int port) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setDatabase("postgres")
            .setUser("postgres")
            .setCachePreparedStatements(true);
    return PgBuilder.pool()
        .with(new PoolOptions().setMaxSize(4))
        .connectingTo(options)
        .using(vertx)
        .build();
  }

  int port() {
    return server.getPort();
  }

  ChainDatabase database() {
    return new PgChainDatabase(pool);
  }

  /** Runs statements and returns the first column of the last one's rows. */
  List<Object> sql(String statements) {
    List<Object> values = new ArrayList<>();
    JournalFixture.await(pool.query(statements).execute())
        .forEach(row -> values.add(row.getValue(0)));
    return values;
  }

  @Override
  public void close() throws IOException {
    JournalFixture.await(pool.close());
    server.close();
  }

  /** As the floor plan adapts the platform's database. */
  record PgChainDatabase(Pool pool) implements ChainDatabase {
    @Override
    public <T> Future<T> transaction(Function<ChainTransaction, Future<T>> work) {
      return pool.withTransaction(
          connection -> work.apply((sql, args) -> query(connection, sql, args)));
    }

    private static Future<List<Object[]>> query(
        SqlConnection connection, String sql, Object[] args) {
      return connection
          .preparedQuery(sql)
          .execute(Tuple.wrap(args))
          .map(
              rows -> {
                List<Object[]> values = new ArrayList<>();
                rows.forEach(row -> values.add(columns(row)));
                return values;
              })
          .recover(
              problem ->
                  Future.failedFuture(
                      problem instanceof PgException refused
                          ? new ChainSqlException(
                              refused.getSqlState(), String.valueOf(refused.getErrorMessage()))
                          : problem));
    }

    private static Object[] columns(Row row) {
      Object[] columns = new Object[row.size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = row.getValue(i);
      }
      return columns;
    }
  }
}
