package io.portcullis.logs;

import java.util.Collection;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What an {@code if} asks of an event. */
record Condition(String text, Predicate<LogEvent> test) {
  /** Reads up to the brace that opens the branch; terms are joined by {@code and} alone. */
  static Condition read(ConfText text) {
    Condition condition = term(text);
    while (text.took("and")) {
      Condition next = term(text);
      condition =
          new Condition(condition.text + " and " + next.text, condition.test.and(next.test));
    }
    return condition;
  }

  boolean holds(LogEvent event) {
    return test.test(event);
  }

  private static Condition term(ConfText text) {
    boolean not = text.took("!");
    String left = text.take();
    if (!left.startsWith("[")) {
      text.take("in");
      String list = text.take();
      String member = ConfText.plain(left);
      return new Condition(
          left + " in " + list,
          event -> event.get(list) instanceof Collection<?> all && all.contains(member));
    }
    if (text.took("==")) {
      String value = ConfText.plain(text.take());
      return new Condition(left + " == " + value, event -> value.equals(event.get(left)));
    }
    if (text.took("=~")) {
      String word = text.take();
      Pattern pattern = Pattern.compile(word.substring(1, word.length() - 1));
      return new Condition(
          left + " =~ " + word,
          event -> event.get(left) instanceof String value && pattern.matcher(value).find());
    }
    Condition there = new Condition(left, event -> event.get(left) != null);
    return not ? new Condition("!" + left, there.test.negate()) : there;
  }
}
