package io.portcullis.local;

import java.util.List;

/**
 * The system could not be started or used, for a reason that the person at the terminal can act on.
 * The message is complete; no stack is needed to understand it.
 */
public final class LocalFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LocalFailure(String message) {
    super(message);
  }

  LocalFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** A part failed: what happened, where its log is, and how that ends. */
  static LocalFailure ofPart(Part part, String what, LogFile log) {
    List<String> tail = log.tail(12);
    var message = new StringBuilder(part.label()).append(' ').append(what);
    message.append("\nIts log is ").append(log.path());
    if (!tail.isEmpty()) {
      message.append(" and ends:");
      tail.forEach(line -> message.append("\n  | ").append(line));
    }
    return new LocalFailure(message.toString());
  }
}
