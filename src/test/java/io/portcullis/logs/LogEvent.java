package io.portcullis.logs;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way through the pipelines. A field is named {@code a.b} (one name with a dot, as
 * ECS lines have them) or {@code [a][b]} (b inside of a).
 */
final class LogEvent {
  private static final Pattern PART = Pattern.compile("\\[([^\\]]+)]");
  private static final Pattern REFERENCE = Pattern.compile("%\\{(\\+?)([^}]+)}");

  private final Map<String, Object> fields = new TreeMap<>();

  /** As Docker's driver sends a line. */
  static LogEvent ofDocker(String tag, String container, String line) {
    LogEvent event = new LogEvent();
    event.set("@timestamp", "2026-01-02T03:04:05.678Z");
    event.set("@version", "1");
    event.set("tags", new ArrayList<>(List.of(tag)));
    event.set("container_id", "0123456789abcdef");
    event.set("container_name", "/" + container);
    event.set("source", "stdout");
    event.set("log", line);
    return event;
  }

  @Nullable Object get(String reference) {
    Object value = fields;
    for (String part : parts(reference)) {
      value =
          value instanceof Map<?, ?> map
              ? map.get(part)
              : value instanceof JsonObject json ? json.getValue(part) : null;
    }
    return value;
  }

  void set(String reference, Object value) {
    List<String> parts = parts(reference);
    if (parts.size() == 1) {
      fields.put(parts.getFirst(), value);
    } else if (fields.computeIfAbsent(parts.getFirst(), k -> new JsonObject())
        instanceof JsonObject inner) {
      inner.put(parts.get(1), value);
    }
  }

  @Nullable Object remove(String reference) {
    List<String> parts = parts(reference);
    if (parts.size() == 1) {
      return fields.remove(parts.getFirst());
    }
    return fields.get(parts.getFirst()) instanceof JsonObject inner
        ? inner.remove(parts.get(1))
        : null;
  }

  void tag(String tag) {
    if (get("tags") instanceof List<?> tags) {
      List<Object> more = new ArrayList<>(tags);
      more.add(tag);
      fields.put("tags", more);
    }
  }

  /** A text with its references replaced; what is not there stays as it is written. */
  String fill(String text) {
    return REFERENCE
        .matcher(text)
        .replaceAll(
            match -> {
              String name = match.group(2);
              Object value =
                  match.group(1).isEmpty()
                      ? get(name)
                      : DateTimeFormatter.ofPattern(name, Locale.ROOT).format(time());
              return Matcher.quoteReplacement(value == null ? match.group() : value.toString());
            });
  }

  private OffsetDateTime time() {
    return OffsetDateTime.parse(String.valueOf(get("@timestamp")))
        .withOffsetSameInstant(ZoneOffset.UTC);
  }

  /** The document that is sent. */
  JsonObject document() {
    JsonObject document = new JsonObject();
    fields.forEach(
        (name, value) -> {
          if (!name.equals("@metadata")) {
            document.put(name, value instanceof List<?> list ? new JsonArray(list) : value);
          }
        });
    return document;
  }

  static List<String> parts(String reference) {
    if (!reference.startsWith("[")) {
      return List.of(reference);
    }
    return PART.matcher(reference).results().map(result -> result.group(1)).toList();
  }
}
