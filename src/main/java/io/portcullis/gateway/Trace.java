package io.portcullis.gateway;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a distributed trace (W3C Trace Context, level 1). A valid {@code traceparent} is
 * continued with a span of our own; anything else starts a new trace.
 *
 * @param traceId 32 lower-case hex digits
 * @param spanId 16 lower-case hex digits, this request's own span
 * @param flags 2 hex digits as received, {@code 00} for a new trace
 */
record Trace(String traceId, String spanId, String flags) {
  private static final Pattern TRACEPARENT =
      Pattern.compile(
          "(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})(-.*)?");

  /** Continues the trace that a header names, or starts one. */
  static Trace from(@Nullable String traceparent) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (traceparent != null && traceparent.length() <= 512) {
      var matcher = TRACEPARENT.matcher(traceparent);
      if (matcher.matches()) {
        return new Trace(matcher.group(1), hex(random.nextLong()), matcher.group(2));
      }
    }
    return new Trace(hex(random.nextLong()) + hex(random.nextLong()), hex(random.nextLong()), "00");
  }

  /** The header for whoever we call. */
  String traceparent() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }

  private static String hex(long value) {
    long nonZero = value == 0 ? 1 : value;
    char[] digits = new char[16];
    for (int i = 15; i >= 0; i--) {
      digits[i] = Character.forDigit((int) (nonZero & 0xf), 16);
      nonZero >>>= 4;
    }
    return new String(digits);
  }
}
