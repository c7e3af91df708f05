package io.portcullis.audit;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the trail in memory, with the constraints of the real ones and one transaction at a
 * time; understands exactly the statements of this room, and fails when told to.
 */
final class FakeChainDatabase implements ChainDatabase {
  /** A body with this text is refused, as a bad byte sequence would be. */
  static final String POISON = "poison";

  record Head(long seq, Buffer hash) {}

  record Entry(String chain, long seq, UUID id, OffsetDateTime at, String body, Buffer hash) {
    Object[] row() {
      return new Object[] {seq, id, at.toInstant(), body, hash.getBytes()};
    }
  }

  Map<String, Head> heads = new TreeMap<>();
  List<Entry> entries = new ArrayList<>();
  int transactions;
  private @Nullable RuntimeException failure;
  private int failAtStatement;
  private boolean failAfterCommit;

  /** From now on every transaction fails at its n-th statement (from 1). */
  synchronized void failAt(int statement, RuntimeException problem) {
    failAtStatement = statement;
    failure = problem;
  }

  /** The next transaction is committed, but its answer gets lost. */
  synchronized void loseNextAnswer() {
    failAfterCommit = true;
  }

  synchronized void work() {
    failure = null;
  }

  @Override
  public synchronized <T> Future<T> transaction(Function<ChainTransaction, Future<T>> work) {
    transactions++;
    Map<String, Head> headsBefore = new TreeMap<>(heads);
    List<Entry> entriesBefore = new ArrayList<>(entries);
    Future<T> result = work.apply(new Transaction());
    if (!result.isComplete()) {
      throw new IllegalStateException("the work waits for something else");
    }
    if (result.failed()) {
      heads = headsBefore;
      entries = entriesBefore;
    } else if (failAfterCommit) {
      failAfterCommit = false;
      return Future.failedFuture(new IllegalStateException("connection reset"));
    }
    return result;
  }

  private final class Transaction implements ChainTransaction {
    private int statements;

    @Override
    public Future<List<Object[]>> query(String sql, Object... args) {
      statements++;
      RuntimeException problem = failure;
      if (problem != null && statements == failAtStatement) {
        return Future.failedFuture(problem);
      }
      try {
        return Future.succeededFuture(execute(sql, args));
      } catch (ChainSqlException e) {
        return Future.failedFuture(e);
      }
    }
  }

  private List<Object[]> execute(String sql, Object[] args) {
    return switch (sql) {
      case ChainBatch.DURABLE -> List.of();
      case ChainBatch.INSERT_HEADS -> {
        for (String chain : (String[]) args[0]) {
          heads.putIfAbsent(chain, new Head(0, Buffer.buffer((byte[]) args[1])));
        }
        yield List.of();
      }
      case ChainBatch.LOCK_HEADS ->
          Arrays.stream((String[]) args[0])
              .map(chain -> new Object[] {chain, head(chain).seq(), head(chain).hash().getBytes()})
              .toList();
      case ChainBatch.LAST_ENTRIES ->
          Arrays.stream((String[]) args[0])
              .flatMap(chain -> of(chain).reversed().stream().limit(1))
              .map(e -> new Object[] {e.chain(), e.seq(), e.hash().getBytes()})
              .toList();
      case ChainBatch.KNOWN -> known((String[]) args[0], (UUID[]) args[1]);
      case ChainBatch.INSERT_ENTRIES -> insert(args);
      case ChainBatch.UPDATE_HEADS -> {
        String[] chains = (String[]) args[0];
        for (int i = 0; i < chains.length; i++) {
          heads.put(chains[i], new Head(((Long[]) args[1])[i], ((Buffer[]) args[2])[i]));
        }
        yield List.of();
      }
      case ChainVerifier.CHAINS -> {
        TreeSet<String> chains = new TreeSet<>(heads.keySet());
        entries.forEach(e -> chains.add(e.chain()));
        yield chains.stream().map(chain -> new Object[] {chain}).toList();
      }
      case ChainVerifier.HEAD -> {
        Head head = heads.get((String) args[0]);
        List<Entry> all = of((String) args[0]);
        yield List.<Object[]>of(
            row(
                head == null ? null : head.seq(),
                head == null ? null : head.hash().getBytes(),
                all.isEmpty() ? null : all.getLast().seq()));
      }
      case ChainVerifier.ENTRIES ->
          of((String) args[0]).stream()
              .filter(e -> e.seq() > (Long) args[1])
              .limit((Long) args[2])
              .map(Entry::row)
              .toList();
      default -> throw new IllegalStateException("unknown statement: " + sql);
    };
  }

  @SuppressWarnings("NullAway") // a row has nulls where the database has
  private static Object[] row(@Nullable Object... columns) {
    return columns;
  }

  private Head head(String chain) {
    Head head = heads.get(chain);
    if (head == null) {
      throw new IllegalStateException("no head of " + chain);
    }
    return head;
  }

  private List<Object[]> known(String[] chains, UUID[] ids) {
    List<Object[]> known = new ArrayList<>();
    for (int i = 0; i < chains.length; i++) {
      String chain = chains[i];
      UUID id = ids[i];
      if (entries.stream().anyMatch(e -> e.chain().equals(chain) && e.id().equals(id))) {
        known.add(new Object[] {chain, id});
      }
    }
    return known;
  }

  private List<Object[]> insert(Object[] args) {
    String[] chains = (String[]) args[0];
    for (int i = 0; i < chains.length; i++) {
      Entry entry =
          new Entry(
              chains[i],
              ((Long[]) args[1])[i],
              ((UUID[]) args[2])[i],
              ((OffsetDateTime[]) args[3])[i],
              ((String[]) args[4])[i],
              ((Buffer[]) args[5])[i]);
      if (entry.body().contains(POISON)) {
        throw new ChainSqlException("22021", "invalid byte sequence");
      }
      for (Entry other : of(entry.chain())) {
        if (other.seq() == entry.seq() || other.id().equals(entry.id())) {
          throw new ChainSqlException("23505", "duplicate key");
        }
      }
      entries.add(entry);
    }
    return List.of();
  }

  /** The entries of a chain in order. */
  synchronized List<Entry> of(String chain) {
    return entries.stream()
        .filter(e -> e.chain().equals(chain))
        .sorted((a, b) -> Long.compare(a.seq(), b.seq()))
        .toList();
  }
}
