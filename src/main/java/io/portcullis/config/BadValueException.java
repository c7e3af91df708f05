package io.portcullis.config;

/**
 * Why a text is not the value it should be, as the rest of a sentence that starts with the text:
 * {@code is not a duration}. Stackless; it becomes a {@link ConfigProblem} at once.
 */
final class BadValueException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BadValueException(String reason) {
    super(reason, null, false, false);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
