package io.portcullis.limit;

import io.portcullis.model.Decision;
import java.time.Instant;

/**
 * Where decisions come from at present, for health.
 *
 * @param mode {@code REDIS} when all is well
 * @param since when that began
 * @param reason why it is not Redis; empty when it is
 */
public record LimiterStatus(Decision.Mode mode, Instant since, String reason) {}
