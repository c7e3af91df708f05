package io.portcullis.tenant;

import io.portcullis.config.PostgresConfig;
import io.portcullis.config.PostgresConfig.Login;
import io.portcullis.tls.Trust;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values and options in the driver's own types. */
final class PgArguments {
  private static final int CACHED_STATEMENTS = 256;
  private static final int CACHED_STATEMENT_LENGTH = 8_192;

  private PgArguments() {}

  static Tuple tuple(List<@Nullable Object> args) {
    Tuple tuple = Tuple.tuple(new ArrayList<>(args.size()));
    for (Object arg : args) {
      tuple.addValue(toDriver(arg));
    }
    return tuple;
  }

  /** Rows as plain arrays: UUID, String, Instant, byte[], Integer, Long, Boolean or null. */
  static List<@Nullable Object[]> arrays(RowSet<Row> set) {
    List<@Nullable Object[]> rows = new ArrayList<>(set.size());
    for (Row row : set) {
      @Nullable Object[] values = new @Nullable Object[row.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = fromDriver(row.getValue(i));
      }
      rows.add(values);
    }
    return rows;
  }

  /** Of one of the logins. Reads the trusted certificates, which blocks. */
  static PgConnectOptions options(PostgresConfig config, Login login, String application) {
    PgConnectOptions options = options(login, application);
    options.setHost(config.host()).setPort(config.port()).setDatabase(config.database());
    if (config.tls() == PostgresConfig.Tls.VERIFY_FULL) {
      options
          .setSslMode(SslMode.VERIFY_FULL)
          .setSslOptions(Trust.of(config.trust()).client(config.connectTimeout()));
    }
    return options;
  }

  private static PgConnectOptions options(Login login, String application) {
    return new PgConnectOptions()
        .setUser(login.user())
        .setPassword(login.password().value())
        .setReconnectAttempts(0)
        .setCachePreparedStatements(true)
        .setPreparedStatementCacheMaxSize(CACHED_STATEMENTS)
        .setPreparedStatementCacheSqlLimit(CACHED_STATEMENT_LENGTH)
        .setProperties(
            Map.of(
                "application_name",
                application,
                "client_encoding",
                "utf-8",
                "DateStyle",
                "ISO",
                "extra_float_digits",
                "2"));
  }

  private static @Nullable Object toDriver(@Nullable Object value) {
    return switch (value) {
      case Instant at -> OffsetDateTime.ofInstant(at, ZoneOffset.UTC);
      case byte[] bytes -> Buffer.buffer(bytes);
      case null, default -> value;
    };
  }

  private static @Nullable Object fromDriver(@Nullable Object value) {
    return switch (value) {
      case OffsetDateTime at -> at.toInstant();
      case Buffer bytes -> bytes.getBytes();
      case null, default -> value;
    };
  }
}
