package io.portcullis.gateway;

import io.vertx.core.http.HttpHeaders;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The value of {@code Date} (RFC 9110, section 6.6.1), written once a second. One per event loop. */
final class HttpDate {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Clock clock;
  private long second = Long.MIN_VALUE;
  private CharSequence text = "";

  HttpDate(Clock clock) {
    this.clock = clock;
  }

  CharSequence now() {
    long present = Math.floorDiv(clock.millis(), 1000L);
    if (present != second) {
      second = present;
      text = HttpHeaders.createOptimized(FORMAT.format(Instant.ofEpochSecond(present)));
    }
    return text;
  }
}
