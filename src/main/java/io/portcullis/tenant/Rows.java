package io.portcullis.tenant;

import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one statement gave.
 *
 * @param list the rows, in the statement's order
 * @param rowCount rows returned, inserted, updated or deleted
 */
public record Rows(List<Row> list, int rowCount) {

  static Rows of(RowSet<io.vertx.sqlclient.Row> set) {
    List<Row> list = new ArrayList<>(set.size());
    for (io.vertx.sqlclient.Row row : set) {
      list.add(new Row(row));
    }
    return new Rows(list, set.rowCount());
  }

  /** The first row, if any. */
  public Optional<Row> first() {
    return list.isEmpty() ? Optional.empty() : Optional.of(list.getFirst());
  }

  /** Whether there is no row. */
  public boolean isEmpty() {
    return list.isEmpty();
  }
}
