package io.portcullis.session;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Counters of sessions, all made beforehand. */
final class SessionMeters {
  private final Map<Reason, Counter> ended = new EnumMap<>(Reason.class);
  private final Map<Refresh, Counter> refreshed = new EnumMap<>(Refresh.class);
  private final Counter opened;
  private final Counter rotated;
  private final Counter reads;
  private final Counter damaged;
  private final Counter hits;
  private final Counter misses;

  /** Why a session ended. Those that nobody used end silently in Redis. */
  enum Reason {
    /** The browser asked for it. */
    LOGOUT,
    /** The issuer's session ended. */
    PROVIDER_LOGOUT,
    /** All of a person's. */
    SUBJECT,
    /** This one, by its public name. */
    OPERATOR,
    /** A newer one took its place. */
    TOO_MANY,
    /** A login of the same session of the issuer took its place. */
    OVERTAKEN,
    /** Somebody else logged in over it. */
    REPLACED,
    /** The issuer refused to go on. */
    REFRESH_REFUSED,
    /** The token is over, and there is nothing left to renew it with. */
    REFRESH_EXPIRED;

    /** As metrics and the trail have it. */
    String code() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** How a refresh went. */
  enum Refresh {
    /** New tokens, stored. */
    OK,
    /** The issuer refused the refresh token. */
    REFUSED,
    /** The issuer did not answer, or not properly. */
    FAILED,
    /** New tokens, but another node had taken over. */
    FENCED,
    /** New tokens, but the session had changed or ended meanwhile. */
    OUTDATED,
    /** New tokens that could not be stored: they are lost. */
    UNSTORED,
    /** Not tried, because the issuer failed a moment ago. */
    PAUSED
  }

  SessionMeters(MeterRegistry registry) {
    for (Reason reason : Reason.values()) {
      ended.put(reason, registry.counter("portcullis.sessions.ended", "reason", reason.code()));
    }
    for (Refresh result : Refresh.values()) {
      String tag = result.name().toLowerCase(Locale.ROOT);
      refreshed.put(result, registry.counter("portcullis.sessions.refresh", "result", tag));
    }
    opened = registry.counter("portcullis.sessions.opened");
    rotated = registry.counter("portcullis.sessions.rotated");
    reads = registry.counter("portcullis.sessions.reads");
    damaged = registry.counter("portcullis.sessions.damaged");
    hits = registry.counter("portcullis.sessions.cache", "result", "hit");
    misses = registry.counter("portcullis.sessions.cache", "result", "miss");
  }

  void opened() {
    opened.increment();
  }

  void ended(Reason reason, int count) {
    Objects.requireNonNull(ended.get(reason)).increment(count);
  }

  void refresh(Refresh result) {
    Objects.requireNonNull(refreshed.get(result)).increment();
  }

  void rotated() {
    rotated.increment();
  }

  void read() {
    reads.increment();
  }

  void damaged() {
    damaged.increment();
  }

  void hit() {
    hits.increment();
  }

  void miss() {
    misses.increment();
  }
}
