package io.portcullis.audit;

import io.portcullis.audit.ChainReport.ChainProblem;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
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
      return broken(chain, 0, ChainHash.genesis(), OptionalLong.empty(), headless(chain, head[2]));
    }
    return new Walk(chain, (Long) head[0], (byte[]) head[1]).run(head[2]);
  }

  private static String headless(String chain, @Nullable Object lastSeq) {
    return lastSeq == null
        ? "chain %s does not exist".formatted(chain)
        : "chain %s has entries up to %d and no head".formatted(chain, (Long) lastSeq);
  }

  /** One look at one chain. */
  private final class Walk {
    private final String chain;
    private final long headSeq;
    private final byte[] headHash;
    private final ChainHash hash = new ChainHash();
    private byte[] previous = ChainHash.genesis();
    private long sound;

    Walk(String chain, long headSeq, byte[] headHash) {
      this.chain = chain;
      this.headSeq = headSeq;
      this.headHash = headHash;
    }

    ChainReport run(@Nullable Object lastSeq) {
      long after = Long.MIN_VALUE;
      while (sound < headSeq) {
        List<Object[]> page = query(ENTRIES, chain, after, (long) PAGE);
        if (page.isEmpty()) {
          return broken(
              "entry %d of chain %s is missing: the head says that there are %d", headSeq);
        }
        for (Object[] row : page) {
          ChainReport problem = next(row);
          if (problem != null) {
            return problem;
          }
          after = sound;
          if (sound == headSeq) {
            break;
          }
        }
      }
      return atTheEnd(lastSeq);
    }

    private @Nullable ChainReport next(Object[] row) {
      long seq = (Long) row[0];
      long expected = sound + 1;
      if (seq < expected) {
        return ChainVerifier.broken(
            chain,
            sound,
            previous,
            OptionalLong.of(seq),
            "entry %d of chain %s: chains begin with entry 1".formatted(seq, chain));
      }
      if (seq > expected) {
        return broken("entry %d of chain %s is missing: entry %d follows", seq);
      }
      String body = (String) row[3];
      byte[] link = hash.next(previous, chain, seq, body);
      if (!Arrays.equals(link, (byte[]) row[4])) {
        return broken("entry %d of chain %s: body does not match its hash", seq);
      }
      String wrong = wrong(body, (UUID) row[1], (Instant) row[2]);
      if (wrong != null) {
        return broken("entry %d of chain %s: " + wrong, seq);
      }
      previous = link;
      sound = seq;
      return null;
    }

    private @Nullable String wrong(String body, UUID eventId, Instant at) {
      if (!EventBody.canonical(body)) {
        return "body is not canonical JSON";
      }
      try {
        EventBody.Columns columns = EventBody.columns(body);
        if (!columns.eventId().equals(eventId)) {
          return "column event_id is not what the body says";
        }
        if (!columns.at().equals(at)) {
          return "column at is not what the body says";
        }
        return columns.chain().equals(chain) ? null : "body belongs to another chain";
      } catch (IllegalArgumentException e) {
        return "body is not an event";
      }
    }

    private ChainReport atTheEnd(@Nullable Object lastSeq) {
      if (headSeq < 1) {
        return broken("entry %d of chain %s: the head says that there is none (%d)", headSeq);
      }
      if (lastSeq instanceof Long last && last > headSeq) {
        return broken(
            "entry %d of chain %s is not covered by the head, which says that there are %d",
            headSeq);
      }
      if (!Arrays.equals(previous, headHash)) {
        return ChainVerifier.broken(
            chain,
            sound,
            previous,
            OptionalLong.of(headSeq),
            "entry %d of chain %s: the head has another hash".formatted(headSeq, chain));
      }
      return new ChainReport(chain, sound, hex(previous), Optional.empty());
    }

    private ChainReport broken(String format, long also) {
      String message = String.format(Locale.ROOT, format, sound + 1, chain, also);
      return ChainVerifier.broken(chain, sound, previous, OptionalLong.of(sound + 1), message);
    }
  }

  private static ChainReport broken(
      String chain, long sound, byte[] previous, OptionalLong seq, String message) {
    return new ChainReport(
        chain, sound, hex(previous), Optional.of(new ChainProblem(seq, message)));
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

  private static String hex(byte[] hash) {
    return HexFormat.of().formatHex(hash);
  }
}
