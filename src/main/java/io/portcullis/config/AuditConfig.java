package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.AmountForms.size;

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
    Duration drainRetry) {

  static AuditConfig read(Section audit) {
    AuditConfig config =
        new AuditConfig(
            audit.value(
                "max-journal-bytes",
                size("1MiB", "1024GiB"),
                "1GiB",
                "the journal's size on disk; beyond it critical events are refused and normal ones"
                    + " counted"),
            audit.value(
                "segment-bytes", size("64KiB", "1GiB"), "16MiB", "size of one journal file"),
            audit.value(
                "max-pending", number(1, 1_000_000), "10000", "events waiting for the disk"),
            audit.value(
                "record-timeout",
                duration("10ms", "1m"),
                "2s",
                "how long a request waits for its critical event to be durable"),
            audit.value(
                "drain-batch",
                number(1, 10_000),
                "500",
                "events moved to PostgreSQL in one transaction"),
            audit.value(
                "drain-retry",
                duration("10ms", "5m"),
                "1s",
                "pause after a failed attempt to reach PostgreSQL"));
    audit.check(
        config.maxJournalBytes() / 2 >= config.segmentBytes(),
        "expected segment-bytes at most half of max-journal-bytes",
        "segment-bytes",
        "max-journal-bytes");
    return config;
  }
}
