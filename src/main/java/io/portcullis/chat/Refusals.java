package io.portcullis.chat;

import io.portcullis.model.Problem;
import io.portcullis.model.Rejection;

/** The refusals of this room, each in one wording. */
final class Refusals {
  private static final int SHOWN_NAME_LENGTH = 40;

  private Refusals() {}

  /**
   * A part of the request is wrong.
   *
   * @param where the name of the field, parameter or header
   * @param what the rest of the sentence
   */
  static Rejection invalid(String where, String what) {
    return Rejection.of(Problem.INVALID_REQUEST, "invalid-" + where, where + ": " + what);
  }

  /** A part of the request, named by the caller itself, should not be there. */
  static Rejection unknown(String kind, String name) {
    return Rejection.of(
        Problem.INVALID_REQUEST, "unknown-" + kind, "unknown " + kind + " \"" + shown(name) + "\"");
  }

  static Rejection noConversation() {
    return Rejection.of(
        Problem.NOT_FOUND, "no-conversation", "There is no conversation with this id.");
  }

  /** A caller's own text is quoted in part and only where it is harmless to print. */
  private static String shown(String name) {
    StringBuilder shown = new StringBuilder();
    name.codePoints()
        .limit(SHOWN_NAME_LENGTH)
        .map(c -> c == '"' || !printable(c) ? '?' : c)
        .forEach(shown::appendCodePoint);
    return shown.length() < name.length() ? shown.append('…').toString() : shown.toString();
  }

  private static boolean printable(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
