package io.portcullis.audit;

import io.portcullis.audit.ChainDatabase.ChainTransaction;
import io.portcullis.model.AuditEvent;
import io.portcullis.model.TenantId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transaction that appends events to their chains.
 *
 * <p>A chain cannot fork, however many nodes write: each locks the chains' heads first, all in the
 * same order, and a head that does not exist yet is inserted before it is locked (a row that is not
 * there cannot be). Everything read afterwards is read by new statements, which see what the former
 * holder of the lock committed. Events that are there already are dropped by their id.
 *
 * <p>A head that is not its chain's last entry was changed from outside. The trail goes on from
 * whichever is further (so it is not blocked, and {@code verify} still finds the place), and what
 * was found is itself chained as {@code audit.chain.mismatch}.
 */
final class ChainBatch {
  private static final Logger log = LoggerFactory.getLogger(ChainBatch.class);

  /** The journal forgets what is committed: that must be on disk, whatever the server's default. */
  static final String DURABLE = "SET LOCAL synchronous_commit = on";

  static final String INSERT_HEADS =
      """
      INSERT INTO audit.head (chain, seq, hash)
      SELECT c, 0, $2::bytea FROM unnest($1::text[]) AS c ORDER BY c
      ON CONFLICT (chain) DO NOTHING""";
  static final String LOCK_HEADS =
      """
      SELECT chain, seq, hash FROM audit.head WHERE chain = ANY ($1::text[])
      ORDER BY chain FOR UPDATE""";
  static final String LAST_ENTRIES =
      """
      SELECT e.chain, e.seq, e.hash FROM unnest($1::text[]) AS c CROSS JOIN LATERAL
        (SELECT chain, seq, hash FROM audit.entry WHERE chain = c ORDER BY seq DESC LIMIT 1) AS e""";
  static final String KNOWN =
      """
      SELECT e.chain, e.event_id FROM unnest($1::text[], $2::uuid[]) AS n (chain, event_id)
      JOIN audit.entry AS e ON e.chain = n.chain AND e.event_id = n.event_id""";
  static final String INSERT_ENTRIES =
      """
      INSERT INTO audit.entry (chain, seq, event_id, at, body, hash)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::uuid[], $4::timestamptz[], $5::text[],
        $6::bytea[])""";
  static final String UPDATE_HEADS =
      """
      UPDATE audit.head AS h SET seq = n.seq, hash = n.hash
      FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS n (chain, seq, hash)
      WHERE h.chain = n.chain""";

  private final AuditEvents events;

  ChainBatch(AuditEvents events) {
    this.events = events;
  }

  private record Key(String chain, UUID eventId) {}

  /** Where a chain ends. */
  private record Tail(long seq, Buffer hash) {}

  Future<Void> write(ChainTransaction transaction, List<EventBody.Columns> entries) {
    String[] chains =
        entries.stream()
            .map(EventBody.Columns::chain)
            .collect(TreeSet<String>::new, Set::add, Set::addAll)
            .toArray(String[]::new);
    Map<String, Tail> heads = new TreeMap<>();
    Map<String, Tail> tails = new TreeMap<>();
    return transaction
        .query(DURABLE)
        .compose(done -> transaction.query(INSERT_HEADS, chains, ChainHash.genesis()))
        .compose(done -> transaction.query(LOCK_HEADS, (Object) chains))
        .compose(
            rows -> {
              collect(rows, heads);
              return transaction.query(LAST_ENTRIES, (Object) chains);
            })
        .compose(
            rows -> {
              collect(rows, tails);
              return transaction.query(KNOWN, chainsOf(entries), idsOf(entries));
            })
        .compose(rows -> append(transaction, unknown(entries, rows), heads, tails));
  }

  private Future<Void> append(
      ChainTransaction transaction,
      List<EventBody.Columns> fresh,
      Map<String, Tail> heads,
      Map<String, Tail> tails) {
    List<EventBody.Columns> entries = new ArrayList<>();
    Map<String, Tail> ends = new TreeMap<>();
    heads.forEach(
        (chain, head) -> {
          Tail last = tails.getOrDefault(chain, new Tail(0, Buffer.buffer(ChainHash.genesis())));
          ends.put(chain, last.seq() > head.seq() ? last : head);
          if (!last.equals(head)) {
            entries.add(mismatch(chain, head, last));
          }
        });
    entries.addAll(fresh);
    return entries.isEmpty() ? Future.succeededFuture() : insert(transaction, entries, ends);
  }

  private Future<Void> insert(
      ChainTransaction transaction, List<EventBody.Columns> entries, Map<String, Tail> ends) {
    int count = entries.size();
    Long[] seqs = new Long[count];
    OffsetDateTime[] times = timesOf(entries);
    String[] bodies = entries.stream().map(EventBody.Columns::body).toArray(String[]::new);
    Buffer[] hashes = new Buffer[count];
    ChainHash hash = new ChainHash();
    for (int i = 0; i < count; i++) {
      EventBody.Columns entry = entries.get(i);
      Tail end = ends.get(entry.chain());
      if (end == null) {
        return Future.failedFuture(new IllegalStateException("no head of " + entry.chain()));
      }
      seqs[i] = end.seq() + 1;
      hashes[i] =
          Buffer.buffer(
              hash.next(end.hash().getBytes(), entry.chain(), end.seq() + 1, entry.body()));
      ends.put(entry.chain(), new Tail(end.seq() + 1, hashes[i]));
    }
    String[] chains = ends.keySet().toArray(String[]::new);
    Long[] newSeqs = ends.values().stream().map(Tail::seq).toArray(Long[]::new);
    Buffer[] newHashes = ends.values().stream().map(Tail::hash).toArray(Buffer[]::new);
    return transaction
        .query(INSERT_ENTRIES, chainsOf(entries), seqs, idsOf(entries), times, bodies, hashes)
        .compose(done -> transaction.query(UPDATE_HEADS, chains, newSeqs, newHashes))
        .mapEmpty();
  }

  private EventBody.Columns mismatch(String chain, Tail head, Tail last) {
    log.atError()
        .addKeyValue("event.action", "audit.chain.mismatch")
        .addKeyValue("chain", chain)
        .addKeyValue("head.seq", head.seq())
        .addKeyValue("last.seq", last.seq())
        .log("the head of an audit chain is not its last entry: it was changed from outside");
    AuditEvent found =
        events.critical(
            "audit.chain.mismatch",
            chain.equals("platform") ? Optional.empty() : Optional.of(new TenantId(chain)),
            "audit",
            AuditEvent.Outcome.FAILURE,
            "head-is-not-last-entry",
            "",
            Map.of(
                "head_seq", Long.toString(head.seq()),
                "head_hash", hex(head.hash()),
                "last_seq", Long.toString(last.seq()),
                "last_hash", hex(last.hash())));
    return EventBody.Columns.of(EventBody.encode(found, ""));
  }

  private static List<EventBody.Columns> unknown(
      List<EventBody.Columns> entries, List<Object[]> known) {
    Set<Key> seen = new HashSet<>();
    known.forEach(row -> seen.add(new Key((String) row[0], (UUID) row[1])));
    return entries.stream().filter(e -> seen.add(new Key(e.chain(), e.eventId()))).toList();
  }

  private static void collect(List<Object[]> rows, Map<String, Tail> into) {
    for (Object[] row : rows) {
      into.put((String) row[0], new Tail((Long) row[1], Buffer.buffer((byte[]) row[2])));
    }
  }

  private static String[] chainsOf(List<EventBody.Columns> entries) {
    return entries.stream().map(EventBody.Columns::chain).toArray(String[]::new);
  }

  private static OffsetDateTime[] timesOf(List<EventBody.Columns> entries) {
    return entries.stream()
        .map(entry -> entry.at().atOffset(ZoneOffset.UTC))
        .toArray(OffsetDateTime[]::new);
  }

  private static UUID[] idsOf(List<EventBody.Columns> entries) {
    return entries.stream().map(EventBody.Columns::eventId).toArray(UUID[]::new);
  }

  private static String hex(Buffer hash) {
    return HexFormat.of().formatHex(hash.getBytes());
  }
}
