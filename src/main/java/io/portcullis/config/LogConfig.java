package io.portcullis.config;

/**
 * Logs.
 *
 * @param format {@code ecs} (one JSON object a line) or {@code text}
 * @param level the root level
 */
public record LogConfig(String format, String level) {}
