package io.portcullis.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers, durations and sizes, each within bounds. Nothing is a bare number with a guessed unit.
 */
final class AmountForms {
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern DURATION = Pattern.compile("(0|[1-9][0-9]{0,8})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(0|[1-9][0-9]{0,8})(B|KiB|MiB|GiB)");

  private AmountForms() {}

  static Form<Long> count(long min, long max) {
    return new Form<>(
        "a whole number from " + min + " to " + max,
        String.valueOf(min),
        text -> {
          if (!NUMBER.matcher(text).matches()) {
            throw new BadValueException("is not a whole number");
          }
          return within(Long.parseLong(text), min, max);
        });
  }

  static Form<Integer> number(int min, int max) {
    return count(min, max).map(Math::toIntExact);
  }

  /** A length of time; the bounds are written in the same form. */
  static Form<Duration> duration(String min, String max) {
    Duration low = parseDuration(min);
    Duration high = parseDuration(max);
    return new Form<>(
        "a duration from " + min + " to " + max,
        min,
        text -> within(parseDuration(text), low, high));
  }

  /** A number of bytes; the bounds are written in the same form. */
  static Form<Long> size(String min, String max) {
    long low = parseSize(min);
    long high = parseSize(max);
    return new Form<>(
        "a size from " + min + " to " + max, min, text -> within(parseSize(text), low, high));
  }

  static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException("is not a duration (a whole number and ms, s, m, h or d)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  static long parseSize(String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new BadValueException("is not a size (a whole number and B, KiB, MiB or GiB)");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "B" -> amount;
      case "KiB" -> amount << 10;
      case "MiB" -> amount << 20;
      default -> amount << 30;
    };
  }

  private static <T extends Comparable<T>> T within(T value, T low, T high) {
    if (value.compareTo(low) < 0) {
      throw new BadValueException("is too small");
    }
    if (value.compareTo(high) > 0) {
      throw new BadValueException("is too large");
    }
    return value;
  }
}
