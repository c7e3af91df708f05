package io.portcullis.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the newest entries, and those that come after them. Blocks the calling thread: a command's
 * main thread or a virtual one. Not thread-safe.
 */
public final class AuditTail {
  private static final long MAX_AT_ONCE = 1_000;
  private static final String ALL = "";

  static final String NEWEST =
      """
      SELECT e.chain, e.seq, e.body, encode(e.hash, 'hex')
      FROM audit.head AS h CROSS JOIN LATERAL
        (SELECT chain, seq, at, body, hash FROM audit.entry WHERE chain = h.chain
         ORDER BY seq DESC LIMIT $1) AS e
      WHERE $2::text = '' OR h.chain = $2
      ORDER BY e.at DESC, e.chain DESC, e.seq DESC LIMIT $1""";
  static final String HEADS = "SELECT chain, seq FROM audit.head WHERE $1::text = '' OR chain = $1";
  static final String AFTER =
      """
      SELECT e.chain, e.seq, e.body, encode(e.hash, 'hex')
      FROM unnest($1::text[], $2::bigint[]) AS k (chain, seq)
      CROSS JOIN LATERAL
        (SELECT chain, seq, at, body, hash FROM audit.entry WHERE chain = k.chain AND seq > k.seq
         ORDER BY seq LIMIT $3) AS e
      ORDER BY e.at, e.chain, e.seq""";

  private final ChainDatabase database;
  private final String chain;
  private final Map<String, Long> shown = new HashMap<>();

  /** Of one chain, or of all. */
  public AuditTail(ChainDatabase database, Optional<String> chain) {
    this.database = database;
    this.chain = chain.orElse(ALL);
  }

  /**
   * One entry.
   *
   * @param body its canonical JSON
   * @param hash the chain's hash up to it, in hexadecimal digits
   */
  public record Line(String chain, long seq, String body, String hash) {
    static Line of(Object[] row) {
      return new Line((String) row[0], (Long) row[1], (String) row[2], (String) row[3]);
    }

    /** The entry as one JSON object. */
    public String json() {
      return "{\"chain\":"
          + CanonicalJson.text(chain)
          + ",\"entry\":"
          + body
          + ",\"hash\":"
          + CanonicalJson.text(hash)
          + ",\"seq\":"
          + seq
          + "}";
    }

    /** The entry as one JSON object with ECS field names, for a store of logs. */
    public String ecs() {
      return EcsText.of(this);
    }

    /** The entry for people: time, chain, number, type, outcome, reason, actor, details. */
    public String readable() {
      return LineText.readable(this);
    }

    /** The entry as an answer to "why": decision, rule, who it was about, and the facts. */
    public String explained() {
      return LineText.explained(this);
    }
  }

  /** The newest entries, oldest first. Throws what the database failed with. */
  public List<Line> newest(int lines) {
    query(HEADS, chain).forEach(row -> shown.put((String) row[0], (Long) row[1]));
    List<Line> newest = new ArrayList<>();
    for (Object[] row : query(NEWEST, (long) lines, chain)) {
      Line line = Line.of(row);
      shown.merge(line.chain(), line.seq(), Math::max);
      newest.add(line);
    }
    return newest.reversed();
  }

  /**
   * What was appended since the last call of this or of {@link #newest}, at most a thousand of each
   * chain; when neither was called before, from each chain's first entry.
   */
  public List<Line> more() {
    List<String> chains = new ArrayList<>();
    List<Long> seqs = new ArrayList<>();
    for (Object[] row : query(HEADS, chain)) {
      String name = (String) row[0];
      long before = shown.getOrDefault(name, 0L);
      if ((Long) row[1] > before) {
        chains.add(name);
        seqs.add(before);
      }
    }
    if (chains.isEmpty()) {
      return List.of();
    }
    List<Line> more = new ArrayList<>();
    Object[] args = {chains.toArray(String[]::new), seqs.toArray(Long[]::new), MAX_AT_ONCE};
    for (Object[] row : query(AFTER, args)) {
      Line line = Line.of(row);
      shown.merge(line.chain(), line.seq(), Math::max);
      more.add(line);
    }
    return more;
  }

  private List<Object[]> query(String sql, Object... args) {
    return ChainVerifier.ask(database.transaction(tx -> tx.query(sql, args)));
  }
}
