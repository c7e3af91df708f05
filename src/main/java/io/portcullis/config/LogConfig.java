package io.portcullis.config;

import static io.portcullis.config.TextForms.oneOf;

/**
 * Logs.
 *
 * @param format {@code ecs} (one JSON object a line) or {@code text}
 * @param level the root level
 */
public record LogConfig(String format, String level) {

  static LogConfig read(Section log) {
    return new LogConfig(
        log.value(
            "format", oneOf("ecs", "text"), "ecs", "one JSON object a line, or readable lines"),
        log.value(
            "level", oneOf("error", "warn", "info", "debug", "trace"), "info", "the root level"));
  }
}
