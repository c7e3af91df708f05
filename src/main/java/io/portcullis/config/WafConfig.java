package io.portcullis.config;

import static io.portcullis.config.AmountForms.duration;
import static io.portcullis.config.AmountForms.number;
import static io.portcullis.config.AmountForms.size;
import static io.portcullis.config.TextForms.orEmpty;
import static io.portcullis.config.TextForms.text;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the web application firewall in front of this node writes.
 *
 * @param auditLog ModSecurity's raw audit log, which this node empties; empty: not read
 * @param maskedLog where the masked entries go; empty: counted and recorded only
 * @param maxBytes size of one masked log file
 * @param keep masked log files kept besides the one being written
 * @param interval pause between two looks at the raw log
 */
public record WafConfig(
    Optional<Path> auditLog, Optional<Path> maskedLog, long maxBytes, int keep, Duration interval) {

  static WafConfig read(Section waf) {
    WafConfig config =
        new WafConfig(
            file(
                waf.value(
                    "audit-log",
                    orEmpty(text("\\S.*", "a file", "/var/log/nginx/waf-raw.json")),
                    "",
                    "ModSecurity's raw audit log, which this node empties; empty: not read")),
            file(
                waf.value(
                    "masked-log",
                    orEmpty(text("\\S.*", "a file", "/var/log/portcullis/waf.json")),
                    "",
                    "where the masked entries go; empty: counted and recorded only")),
            waf.value("max-bytes", size("64KiB", "1GiB"), "16MiB", "size of one masked log file"),
            waf.value(
                "keep",
                number(1, 1_000),
                "8",
                "masked log files kept besides the one being written"),
            waf.value(
                "interval",
                duration("50ms", "1m"),
                "250ms",
                "pause between two looks at the raw log"));
    waf.check(
        config.auditLog().isPresent() || config.maskedLog().isEmpty(),
        "expected audit-log when masked-log is given",
        "audit-log",
        "masked-log");
    waf.check(
        config.auditLog().isEmpty() || !config.auditLog().equals(config.maskedLog()),
        "expected two different files",
        "audit-log",
        "masked-log");
    return config;
  }

  private static Optional<Path> file(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }
}
