package io.portcullis.logs;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a pipeline's file. Text keeps its quotes, so that a word can be told from a text.
 */
final class ConfText {
  private static final Pattern WORD =
      Pattern.compile(
          "\\G(?:\\s+|#[^\\n]*)*+"
              + "(\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|=>|==|!=|=~|/(?:[^/\\\\]|\\\\.)+/"
              + "|\\[(?:[\\w.@-]+)](?:\\[[\\w.@-]+])*|[{}\\[\\],!]|-?\\d+(?:\\.\\d+)?|\\w+)");

  private final List<String> words = new ArrayList<>();
  private int next;

  ConfText(String text) {
    Matcher matcher = WORD.matcher(text);
    int end = 0;
    while (matcher.find()) {
      words.add(matcher.group(1));
      end = matcher.end();
    }
    String rest = text.substring(end).replaceAll("(?m)#.*$", "").strip();
    if (!rest.isEmpty()) {
      throw new AssertionError("not understood: " + rest);
    }
  }

  boolean atEnd() {
    return next == words.size();
  }

  String peek() {
    return atEnd() ? "" : words.get(next);
  }

  String take() {
    if (atEnd()) {
      throw new AssertionError("the file ends too early");
    }
    return words.get(next++);
  }

  void take(String expected) {
    String word = take();
    if (!word.equals(expected)) {
      throw new AssertionError("expected " + expected + ", found " + word + " after " + before());
    }
  }

  /** Takes the word if it is the next. */
  boolean took(String word) {
    if (peek().equals(word)) {
      next++;
      return true;
    }
    return false;
  }

  /** A text without its quotes, a word as it is. */
  static String plain(String word) {
    boolean quoted = word.startsWith("\"") || word.startsWith("'");
    return quoted ? word.substring(1, word.length() - 1) : word;
  }

  private String before() {
    return String.join(" ", words.subList(Math.max(0, next - 8), next));
  }
}
