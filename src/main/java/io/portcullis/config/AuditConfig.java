package io.portcullis.config;

import java.time.Duration;

/**
 * The audit trail.
 *
 * @param maxJournalBytes the journal's size on disk; beyond it critical events are refused and
 *     normal ones counted
 * @param segmentBytes size of one journal file
 * @param maxPending events waiting for the disk
 * @param recordTimeout how long a request waits for its critical event to be durable
 * @param drainBatch events moved to PostgreSQL in one transaction
 * @param drainRetry pause after a failed attempt to reach PostgreSQL
 */
public record AuditConfig(
    long maxJournalBytes,
    long segmentBytes,
    int maxPending,
    Duration recordTimeout,
    int drainBatch,
    Duration drainRetry) {}
