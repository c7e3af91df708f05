package io.portcullis.audit;

import io.portcullis.audit.ChainDatabase.ChainSqlException;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the journal into the chains, batch by batch: commit in the database first, then the
 * journal's position. A crash in between repeats the batch, and the chain drops what it has.
 *
 * <p>A batch that the database refuses because of its data is halved until the event that it means
 * stands alone; that one is put aside in the quarantine folder and counted as lost, and the rest
 * goes on. Refusals in a row that no success interrupts are more likely a broken table than broken
 * events, so after a few the pass fails and is tried again later. Any other failure leaves
 * everything where it is: in the journal.
 *
 * <p>Used by one verticle; one {@link #drain} at a time.
 */
final class ChainWriter {
  private static final Logger log = LoggerFactory.getLogger(ChainWriter.class);

  /** Longer than any transaction should take; then it is given up, and repeated if need be. */
  private static final Duration DEADLINE = Duration.ofSeconds(15);

  private static final int MAX_REFUSED_IN_A_ROW = 8;

  private final Journal journal;
  private final ChainDatabase database;
  private final ChainBatch batch;
  private final Clock clock;
  private final int batchSize;
  private List<Item> waiting = List.of();
  private long waitingEnd;
  private int refusedInARow;
  private volatile Instant oldest = Instant.MAX;

  ChainWriter(
      Journal journal, ChainDatabase database, AuditEvents events, Clock clock, int batchSize) {
    this.journal = journal;
    this.database = database;
    this.batch = new ChainBatch(events);
    this.clock = clock;
    this.batchSize = batchSize;
  }

  private record Item(JournalRecord record, EventBody.Columns columns) {}

  /**
   * Moves one batch.
   *
   * @return how many events it held, at least 1; 0 when the journal is empty. Fails when the
   *     database is away or refuses: then the same batch is tried at the next call
   */
  Future<Integer> drain() {
    try {
      if (waiting.isEmpty()) {
        List<JournalRecord> records = journal.read(batchSize);
        if (records.isEmpty()) {
          oldest = Instant.MAX;
          return Future.succeededFuture(0);
        }
        waiting = readable(records);
        waitingEnd = records.getLast().seq() + 1;
      }
      if (waiting.isEmpty()) {
        return finish(0);
      }
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
    List<Item> items = List.copyOf(waiting);
    oldest = items.getFirst().columns().at();
    refusedInARow = 0;
    return write(items).compose(done -> finish(items.size()));
  }

  private Future<Integer> finish(int moved) {
    try {
      journal.drained(waitingEnd);
      waiting = List.of();
      return Future.succeededFuture(Math.max(1, moved));
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  private List<Item> readable(List<JournalRecord> records) throws IOException {
    List<Item> items = new ArrayList<>(records.size());
    for (JournalRecord record : records) {
      try {
        items.add(new Item(record, EventBody.Columns.of(record.payload())));
      } catch (IllegalArgumentException e) {
        journal.quarantine(record, "not an event");
      }
    }
    return items;
  }

  private Future<Void> write(List<Item> items) {
    List<EventBody.Columns> entries = items.stream().map(Item::columns).toList();
    return database
        .transaction(transaction -> batch.write(transaction, entries))
        .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
        .transform(
            (done, failure) -> {
              if (failure == null) {
                refusedInARow = 0;
                return Future.succeededFuture();
              }
              return failure instanceof ChainSqlException refusal && refusal.refusesData()
                  ? isolate(items, refusal)
                  : Future.failedFuture(failure);
            });
  }

  private Future<Void> isolate(List<Item> items, ChainSqlException refusal) {
    if (items.size() > 1) {
      int half = items.size() / 2;
      List<Item> second = items.subList(half, items.size());
      return write(items.subList(0, half)).compose(done -> write(second));
    }
    if (++refusedInARow > MAX_REFUSED_IN_A_ROW) {
      log.atError()
          .addKeyValue("event.action", "audit.chain.refused")
          .addKeyValue("sqlstate", refusal.sqlState())
          .log("the database refuses one event after the other; waiting before going on");
      return Future.failedFuture(refusal);
    }
    Item refused = items.getFirst();
    try {
      journal.quarantine(refused.record(), "SQLSTATE " + refusal.sqlState() + " from the database");
      waiting = waiting.stream().filter(item -> !item.equals(refused)).toList();
      return Future.succeededFuture();
    } catch (IOException e) {
      return Future.failedFuture(e);
    }
  }

  /** Age of the oldest event that we know not to be in the chain, in seconds; any thread. */
  double lagSeconds() {
    Instant at = oldest;
    return at.equals(Instant.MAX)
        ? 0
        : Math.max(0, Duration.between(at, clock.instant()).toMillis() / 1e3);
  }
}
