package io.portcullis.audit;

import io.vertx.core.Future;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Proves chains from the rows alone: every entry is there from 1 on, its body is in its one form
 * and says what the columns say, its hash follows from everything before it, and the head is the
 * last entry. Works beside running nodes: each statement is a transaction of its own, and what is
 * appended meanwhile belongs to the next look.
 *
 * <p>What it cannot see is the end of a chain removed together with a head set back to match, or a
 * chain removed as a whole: for that, compare with a hash that was written down elsewhere.
 *
 * <p>Blocks the calling thread: a command's main thread or a virtual one.
 */
public final class ChainVerifier {
  private static final int PAGE = 1_000;
  private static final long DEADLINE_SECONDS = 60;

  /** Every chain that has a head or an entry; finds the entries' chains by leaps in the index. */
  static final String CHAINS =
      """
      WITH RECURSIVE c AS (
        (SELECT chain FROM audit.entry ORDER BY chain LIMIT 1)
        UNION ALL
        SELECT (SELECT e.chain FROM audit.entry AS e WHERE e.chain > c.chain
                ORDER BY e.chain LIMIT 1) FROM c WHERE c.chain IS NOT NULL)
      SELECT chain FROM c WHERE chain IS NOT NULL
      UNION SELECT chain FROM audit.head ORDER BY 1""";

  /** Head and last entry as one statement sees them. */
  static final String HEAD =
      """
      SELECT h.seq, h.hash, (SELECT max(seq) FROM audit.entry WHERE chain = $1)
      FROM (SELECT 1) AS one LEFT JOIN audit.head AS h ON h.chain = $1""";

  static final String ENTRIES =
      """
      SELECT seq, event_id, at, body, hash FROM audit.entry
      WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3""";

  private final ChainDatabase database;

  /** Reads through this door. */
  public ChainVerifier(ChainDatabase database) {
    this.database = database;
  }

  /** The names of all chains, in order. Throws what the database failed with. */
  public List<String> chains() {
    return query(CHAINS).stream().map(row -> (String) row[0]).toList();
  }

  /** Verifies one chain. Throws what the database failed with. */
  public ChainReport verify(String chain) {
    Object[] head = query(HEAD, chain).getFirst();
    if (head[0] == null) {
      return ChainWalk.broken(
          chain, 0, ChainHash.genesis(), OptionalLong.empty(), headless(chain, head[2]));
    }
    return new ChainWalk(this::page, chain, (Long) head[0], (byte[]) head[1]).run(head[2]);
  }

  private static String headless(String chain, @Nullable Object lastSeq) {
    return lastSeq == null
        ? "chain %s does not exist".formatted(chain)
        : "chain %s has entries up to %d and no head".formatted(chain, (Long) lastSeq);
  }

  private List<Object[]> page(String chain, long after) {
    return query(ENTRIES, chain, after, (long) PAGE);
  }

  private List<Object[]> query(String sql, Object... args) {
    return ask(database.transaction(transaction -> transaction.query(sql, args)));
  }

  /** Waits on a thread that may. */
  static <T> T ask(Future<T> answer) {
    try {
      return answer.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the database did not answer in time", e);
    }
  }
}
