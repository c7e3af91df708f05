package io.portcullis.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Something an auditor will ask about.
 *
 * @param id unique, time-ordered (UUIDv7); makes delivery at least once harmless
 * @param at when it happened, to the microsecond
 * @param type what happened, e.g. {@code authentication.refused}
 * @param weight whether the request that caused it waits until the event is durable
 * @param tenant the tenant whose trail it belongs to; empty for the platform's own trail
 * @param actor who did it: a subject, a service, {@code anonymous}, or {@code node:<name>}
 * @param outcome how it ended
 * @param reason a stable code, e.g. {@code token-expired}; empty when there is nothing to add
 * @param requestId the request it belongs to; empty when none
 * @param details further facts, short strings; never a token, a body or a secret
 */
public record AuditEvent(
    UUID id,
    Instant at,
    String type,
    Weight weight,
    Optional<TenantId> tenant,
    String actor,
    Outcome outcome,
    String reason,
    String requestId,
    SortedMap<String, String> details) {

  /** Copies the details. */
  public AuditEvent {
    details = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(details));
  }

  /** Whether somebody waits for it. */
  public enum Weight {
    /**
     * The answer leaves only after the event is on disk; cannot be recorded: the request is refused
     * with 503.
     */
    CRITICAL,
    /**
     * Recorded beside the answer; when the journal is full, counted in a gap entry of the chain.
     */
    NORMAL
  }

  /** How it ended. */
  public enum Outcome {
    /** Done. */
    SUCCESS,
    /** Refused by a rule. */
    REFUSED,
    /** Tried and failed. */
    FAILURE,
    /** About to be tried: written before an irreversible step. */
    REQUESTED
  }

  /** The name of the chain this event belongs to: the tenant's id, or {@code platform}. */
  public String chain() {
    return tenant.map(TenantId::value).orElse("platform");
  }

  /** A convenient form of the details. */
  public static SortedMap<String, String> details(Map<String, String> details) {
    return new TreeMap<>(details);
  }
}
