package io.portcullis.audit;

import io.portcullis.model.AuditEvent;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/**
 * Records events straight into their chains, for commands: they run without a node, and so without
 * a journal, while the database is there anyway. Any number of them and of nodes may write the same
 * chain at the same time. Use it on any thread.
 */
public final class DirectTrail {
  private final ChainDatabase database;
  private final String writer;
  private final ChainBatch batch;

  /** Writes through this door; {@code writer} names the command where others have their node. */
  public DirectTrail(ChainDatabase database, String writer, Clock clock) {
    this.database = database;
    this.writer = writer;
    this.batch = new ChainBatch(new AuditEvents(clock));
  }

  /**
   * Records an event.
   *
   * @return done when it is committed; fails with what the database failed with, and then the event
   *     may be recorded all the same: recording the same event again is harmless
   */
  public Future<Void> record(AuditEvent event) {
    byte[] body = EventBody.encode(event, writer);
    EventBody.Columns entry = EventBody.columns(new String(body, StandardCharsets.UTF_8));
    return database.transaction(transaction -> batch.write(transaction, List.of(entry)));
  }
}
