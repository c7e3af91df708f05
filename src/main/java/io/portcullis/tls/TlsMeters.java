package io.portcullis.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/**
 * {@code portcullis_tls_not_before_seconds} and {@code portcullis_tls_not_after_seconds} (begin and
 * end, in seconds of the Unix epoch, as other exporters of certificates tell them), {@code
 * portcullis_tls_reload_total} and {@code portcullis_tls_deny_list_total}.
 */
final class TlsMeters {
  private final Counter swapped;
  private final Counter failed;
  private final Counter listRead;
  private final Counter listRefused;

  TlsMeters(MeterRegistry registry, Certificates certificates, String role, Clock clock) {
    Gauge.builder(
            "portcullis.tls.not.before.seconds",
            certificates,
            all -> all.status(clock).notBefore().getEpochSecond())
        .description("From when on the certificate is good, in seconds of the Unix epoch")
        .tag("role", role)
        .register(registry);
    Gauge.builder(
            "portcullis.tls.not.after.seconds",
            certificates,
            all -> all.status(clock).notAfter().getEpochSecond())
        .description("When the certificate that is served ends, in seconds of the Unix epoch")
        .tag("role", role)
        .register(registry);
    swapped = reload(registry, "success");
    failed = reload(registry, "failure");
    listRead = list(registry, "success");
    listRefused = list(registry, "failure");
  }

  void swapped() {
    swapped.increment();
  }

  void failed() {
    failed.increment();
  }

  void listRead() {
    listRead.increment();
  }

  void listRefused() {
    listRefused.increment();
  }

  private static Counter reload(MeterRegistry registry, String result) {
    return Counter.builder("portcullis.tls.reload")
        .description("Changed certificates that were taken, and that were refused")
        .tag("result", result)
        .register(registry);
  }

  private static Counter list(MeterRegistry registry, String result) {
    return Counter.builder("portcullis.tls.deny.list")
        .description("Changed deny lists that were taken, and that were refused")
        .tag("result", result)
        .register(registry);
  }
}
