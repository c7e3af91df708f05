package io.portcullis.bench;

import java.util.HashMap;
import java.util.Map;

/**
 * What wrk saw in one round, from the line that {@code bench/load.lua} prints.
 *
 * @param requests answers received
 * @param micros how long the round took
 * @param p50Micros half of the answers came within this time
 * @param p99Micros all but one of a hundred did
 * @param statusErrors answers of status 400 and above
 * @param connectionErrors failed connects, reads, writes, and answers that never came
 */
record LoadResult(
    long requests,
    long micros,
    long p50Micros,
    long p99Micros,
    long statusErrors,
    long connectionErrors) {
  private static final String PREFIX = "bench ";

  /**
   * Reads it.
   *
   * @throws IllegalArgumentException when the line is missing, incomplete or says that nothing
   *     happened
   */
  static LoadResult parse(String output) {
    String line =
        output
            .lines()
            .filter(candidate -> candidate.startsWith(PREFIX))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("wrk printed no result"));
    Map<String, Long> fields = new HashMap<>();
    for (String field : line.substring(PREFIX.length()).strip().split(" +", -1)) {
      int equals = field.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("not a field of wrk's result: " + field);
      }
      fields.put(field.substring(0, equals), Long.valueOf(field.substring(equals + 1)));
    }
    LoadResult result =
        new LoadResult(
            field(fields, "requests"),
            field(fields, "micros"),
            field(fields, "p50"),
            field(fields, "p99"),
            field(fields, "status"),
            field(fields, "connect")
                + field(fields, "read")
                + field(fields, "write")
                + field(fields, "timeout"));
    if (result.requests <= 0 || result.micros <= 0) {
      throw new IllegalArgumentException("wrk got no answer at all");
    }
    return result;
  }

  /** Whether every answer came and none was an error. */
  boolean clean() {
    return statusErrors == 0 && connectionErrors == 0;
  }

  double requestsPerSecond() {
    return requests * 1e6 / micros;
  }

  private static long field(Map<String, Long> fields, String name) {
    Long value = fields.get(name);
    if (value == null) {
      throw new IllegalArgumentException("wrk's result has no " + name);
    }
    return value;
  }
}
