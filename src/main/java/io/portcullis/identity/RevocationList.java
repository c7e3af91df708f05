package io.portcullis.identity;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All revocations that this node knows, in the order in which the store took them, and the index
 * over them. A revocation is known by its text, so the same one taken twice is one. Thread-safe by
 * one lock; {@link RevocationIndex} is read without it.
 *
 * <p>Versions are microseconds of the store's clock, strictly rising.
 */
final class RevocationList {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationList.class);

  private final RevocationIndex index = new RevocationIndex();
  private final TreeMap<Long, Entry> byVersion = new TreeMap<>();
  private final Map<String, Long> versions = new HashMap<>();

  /** One; without what it means when this release cannot read it. */
  private record Entry(String text, Optional<Revocation> revocation) {}

  RevocationIndex index() {
    return index;
  }

  /** Takes one in; whether it is news. One that cannot be read is reported and has no effect. */
  synchronized boolean add(String text, long version) {
    Long before = versions.get(text);
    if (before != null && before >= version) {
      return false;
    }
    Optional<Revocation> revocation = Revocation.of(text);
    versions.put(text, version);
    byVersion.put(version, new Entry(text, revocation));
    revocation.ifPresent(known -> index.add(known, version));
    if (before != null) {
      byVersion.remove(before);
      return false;
    }
    if (revocation.isEmpty()) {
      LOG.atError()
          .addKeyValue("event.action", "revocation.unreadable")
          .addKeyValue("portcullis.version", version)
          .log("a revocation cannot be read; is a newer release among the nodes?");
    }
    return revocation.isPresent();
  }

  /** Forgets those older than this: nothing that they cover is still alive. */
  synchronized void expire(long cutoff) {
    while (!byVersion.isEmpty() && byVersion.firstKey() < cutoff) {
      Map.Entry<Long, Entry> oldest = byVersion.pollFirstEntry();
      versions.remove(oldest.getValue().text());
      oldest.getValue().revocation().ifPresent(known -> index.remove(known, oldest.getKey()));
    }
  }

  /** What is known here and not among these. */
  synchronized List<String> without(Set<String> texts) {
    List<String> rest = new ArrayList<>();
    for (Entry entry : byVersion.values()) {
      if (!texts.contains(entry.text())) {
        rest.add(entry.text());
      }
    }
    return rest;
  }

  /** The newest ones, newest first. */
  synchronized List<Revocation> newest(int most) {
    return byVersion.descendingMap().values().stream()
        .flatMap(entry -> entry.revocation().stream())
        .limit(most)
        .toList();
  }

  synchronized int size() {
    return byVersion.size();
  }
}
