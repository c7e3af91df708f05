package io.portcullis.limit;

import io.portcullis.model.Decision;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The header fields of draft-ietf-httpapi-ratelimit-headers (draft 10): structured fields (RFC
 * 9651), lists of strings with parameters.
 *
 * <pre>
 * RateLimit-Policy: "per-ip";q=600;w=60, "per-user";q=300;w=60
 * RateLimit: "per-ip";r=599;t=60, "per-user";r=57;t=12
 * </pre>
 *
 * While Redis is away each item of the second says so by the vendor parameter {@code pc-mode}.
 * Pure; any thread.
 */
public final class RateLimitHeaders {
  private final String policy;

  RateLimitHeaders(List<LimitRule> rules) {
    this.policy =
        rules.stream()
            .map(
                rule -> "\"%s\";q=%d;w=%d".formatted(rule.name(), rule.max(), rule.windowSeconds()))
            .collect(Collectors.joining(", "));
  }

  /** The value of {@code RateLimit-Policy}: all limits; empty when there is none. */
  public String policy() {
    return policy;
  }

  /** The value of {@code RateLimit}: the limits of this decision; empty when none took part. */
  public static String limits(Decision decision) {
    List<Decision.Limit> limits = decision.limits();
    StringBuilder out = new StringBuilder(40 * limits.size());
    for (int i = 0; i < limits.size(); i++) {
      Decision.Limit limit = limits.get(i);
      if (i > 0) {
        out.append(", ");
      }
      out.append('"').append(limit.policy()).append("\";r=").append(limit.remaining());
      out.append(";t=").append(limit.resetSeconds());
      if (decision.mode() != Decision.Mode.REDIS) {
        out.append(";pc-mode=\"")
            .append(decision.mode().name().toLowerCase(Locale.ROOT))
            .append('"');
      }
    }
    return out.toString();
  }

  /** The value of {@code Retry-After} for a refusal: whole seconds, rounded up, at least 1. */
  public static long retryAfterSeconds(Decision decision) {
    return Math.max(1, Math.ceilDiv(decision.retryAfterMillis(), 1_000L));
  }
}
