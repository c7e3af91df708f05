package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;

import java.time.Duration;

/**
 * What was taken back before its time.
 *
 * @param longestCredential the longest life of a token or session; so long a revocation is kept,
 *     and a token that lives longer is refused, because it would outlive its own revocation
 * @param maxEntries revocations kept at most; a further one fails
 */
public record RevocationConfig(Duration longestCredential, int maxEntries) {

  static RevocationConfig read(Section revocation) {
    return new RevocationConfig(
        revocation.value(
            "longest-credential",
            duration("1m", "30d"),
            "12h",
            "the longest life of a token or session; so long a revocation is kept, and a token that"
                + " lives longer is refused"),
        revocation.value(
            "max-entries",
            number(100, 10_000_000),
            "200000",
            "revocations kept at most; a further one fails"));
  }
}
