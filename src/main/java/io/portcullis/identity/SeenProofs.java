package io.portcullis.identity;

import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;

/**
 * What this node itself has seen lately, in bounded memory: two generations, of which the older is
 * forgotten as a whole, so that everything is kept for one to two times the given time. When a
 * generation is full nothing more is remembered, and nothing that was is forgotten early. Safe on
 * any thread.
 */
final class SeenProofs {
  /** What a node of this size accepts within a generation, several times over: some 12 MiB. */
  static final int MAX_PER_GENERATION = 100_000;

  private final long keepMillis;
  private final InstantSource clock;
  private Set<String> current = new HashSet<>();
  private Set<String> previous = Set.of();
  private long begunMillis;

  SeenProofs(long keepMillis, InstantSource clock) {
    this.keepMillis = keepMillis;
    this.clock = clock;
    this.begunMillis = clock.millis();
  }

  /** What is known of an id. */
  enum Sight {
    /** Not seen before; it is from now on. */
    FIRST,
    /** Seen before. */
    AGAIN,
    /** Not seen before, and there is no room to remember it. */
    UNKNOWN
  }

  /** Looks at an id, and remembers it. */
  synchronized Sight see(String id) {
    turn(clock.millis());
    if (current.contains(id) || previous.contains(id)) {
      return Sight.AGAIN;
    }
    if (current.size() >= MAX_PER_GENERATION) {
      return Sight.UNKNOWN;
    }
    current.add(id);
    return Sight.FIRST;
  }

  /** A clock that went backwards keeps everything for longer. */
  private void turn(long nowMillis) {
    long age = nowMillis - begunMillis;
    if (age >= keepMillis) {
      previous = age >= 2 * keepMillis ? Set.of() : current;
      current = new HashSet<>();
      begunMillis = nowMillis;
    }
  }
}
