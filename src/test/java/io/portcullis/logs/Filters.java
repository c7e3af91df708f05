package io.portcullis.logs;

import io.portcullis.logs.Pipeline.Branch;
import io.portcullis.logs.Pipeline.Choice;
import io.portcullis.logs.Pipeline.Plugin;
import io.portcullis.logs.Pipeline.Step;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Does to an event what the filters of a pipeline say, as Logstash's documentation describes them.
 * It is our reading of them and no Logstash: that both agree is shown by no test here.
 */
final class Filters {
  private static final Pattern PAIR = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^, ]*))");
  private static final Pattern PLACE = Pattern.compile("%\\{([^}]+)}");

  private Filters() {}

  /** Runs the plugins whose conditions hold; the output ones are given to the consumer. */
  static void run(List<Step> steps, LogEvent event, Consumer<Plugin> outputs) {
    for (Step step : steps) {
      switch (step) {
        case Choice choice ->
            choice.branches().stream()
                .filter(branch -> branch.condition().map(c -> c.holds(event)).orElse(true))
                .findFirst()
                .map(Branch::steps)
                .ifPresent(chosen -> run(chosen, event, outputs));
        case Plugin plugin -> {
          if (!filter(plugin, event)) {
            outputs.accept(plugin);
          }
        }
      }
    }
  }

  private static boolean filter(Plugin plugin, LogEvent event) {
    boolean done =
        switch (plugin.name()) {
          case "json" -> json(plugin, event);
          case "mutate" -> mutate(plugin, event);
          case "dissect" -> dissect(plugin, event);
          case "date" -> date(plugin, event);
          case "kv" -> pairs(plugin, event);
          case "translate" -> translate(plugin, event);
          case "fingerprint" -> fingerprint(plugin, event);
          case "pipeline", "elasticsearch" -> false;
          default -> throw new AssertionError("no filter " + plugin.name() + " here");
        };
    if (done) {
      plugin.list("remove_field").forEach(name -> event.remove(event.fill("" + name)));
    }
    return !List.of("pipeline", "elasticsearch").contains(plugin.name());
  }

  private static boolean json(Plugin plugin, LogEvent event) {
    if (!(event.get(plugin.text("source")) instanceof String text)) {
      return false;
    }
    JsonObject parsed;
    try {
      parsed = new JsonObject(text);
    } catch (DecodeException garbage) {
      if (!plugin.text("skip_on_invalid_json").equals("true")) {
        event.tag("_jsonparsefailure");
      }
      return false;
    }
    if (plugin.text("target").isEmpty()) {
      parsed.forEach(field -> event.set(field.getKey(), field.getValue()));
    } else {
      event.set(plugin.text("target"), parsed);
    }
    return true;
  }

  private static boolean mutate(Plugin plugin, LogEvent event) {
    plugin
        .map("rename")
        .forEach(
            (from, to) -> {
              Object value = event.remove("" + from);
              if (value != null) {
                event.set("" + to, value);
              }
            });
    plugin.map("replace").forEach((name, text) -> event.set("" + name, event.fill("" + text)));
    List<?> gsub = plugin.list("gsub");
    for (int i = 0; i < gsub.size(); i += 3) {
      String name = "" + gsub.get(i);
      if (event.get(name) instanceof String text) {
        event.set(name, text.replaceAll("" + gsub.get(i + 1), "" + gsub.get(i + 2)));
      }
    }
    return true;
  }

  /** Places with a plus are appended to the one of that name, with what stood between them. */
  private static boolean dissect(Plugin plugin, LogEvent event) {
    boolean[] all = {true};
    plugin
        .map("mapping")
        .forEach(
            (field, mapping) -> {
              StringBuilder pattern = new StringBuilder("(?s)");
              String rest = "" + mapping;
              List<String> names =
                  PLACE.matcher(rest).results().map(result -> result.group(1)).toList();
              Matcher places = PLACE.matcher(rest);
              int end = 0;
              while (places.find()) {
                pattern.append(Pattern.quote(rest.substring(end, places.start()))).append("(.*?)");
                end = places.end();
              }
              pattern.append(Pattern.quote(rest.substring(end)));
              Matcher found =
                  Pattern.compile(pattern.toString()).matcher("" + event.get("" + field));
              if (!found.matches()) {
                event.tag("_dissectfailure");
                all[0] = false;
                return;
              }
              for (int i = 0; i < names.size(); i++) {
                boolean append = names.get(i).startsWith("+");
                String name = append ? names.get(i).substring(1) : names.get(i);
                String before = append ? event.get(name) + " " : "";
                event.set(name, before + found.group(i + 1));
              }
            });
    return all[0];
  }

  private static boolean date(Plugin plugin, LogEvent event) {
    List<?> match = plugin.list("match");
    if (!(event.get("" + match.getFirst()) instanceof String text)) {
      return false;
    }
    String pattern = ("" + match.get(1)).replace("ZZZ", "VV");
    try {
      DateTimeFormatter format =
          pattern.equals("ISO8601")
              ? DateTimeFormatter.ISO_OFFSET_DATE_TIME
              : DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH);
      var time =
          format.parseBest(text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from);
      event.set(
          "@timestamp",
          switch (time) {
            case ZonedDateTime zoned -> zoned.toInstant().toString();
            case LocalDateTime local -> local.toInstant(ZoneOffset.UTC).toString();
            default -> throw new AssertionError(time);
          });
      return true;
    } catch (DateTimeException e) {
      event.tag("_dateparsefailure");
      return false;
    }
  }

  private static boolean pairs(Plugin plugin, LogEvent event) {
    Matcher pairs = PAIR.matcher("" + event.get(plugin.text("source")));
    while (pairs.find()) {
      if (plugin.list("include_keys").contains(pairs.group(1))) {
        String value = pairs.group(2) == null ? pairs.group(3) : pairs.group(2);
        event.set("[" + plugin.text("target") + "][" + pairs.group(1) + "]", value);
      }
    }
    return true;
  }

  private static boolean translate(Plugin plugin, LogEvent event) {
    Object value = plugin.map("dictionary").get(event.get(plugin.text("source")));
    if (value == null) {
      return false;
    }
    event.set(plugin.text("target"), value);
    return true;
  }

  private static boolean fingerprint(Plugin plugin, LogEvent event) {
    try {
      byte[] text = ("" + event.get(plugin.text("source"))).getBytes(StandardCharsets.UTF_8);
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      event.set(plugin.text("target"), HexFormat.of().formatHex(hash));
      return true;
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
