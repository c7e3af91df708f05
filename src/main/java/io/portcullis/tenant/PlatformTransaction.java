package io.portcullis.tenant;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statements within one transaction of the platform's schemas. */
public interface PlatformTransaction {
  /**
   * Runs a statement; several may be under way at once. Once one has failed, the transaction is
   * rolled back whatever the rest does.
   *
   * @param args UUID, String, Instant, byte[], numbers, booleans or null
   * @return rows of UUID, String, Instant, byte[], Integer, Long, Boolean or null
   */
  Future<List<@Nullable Object[]>> query(String sql, @Nullable Object... args);
}
