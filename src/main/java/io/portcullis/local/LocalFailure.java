package io.portcullis.local;

import java.util.List;

/**
 * The system could not be started or used, for a reason that the person at the terminal can act on.
 * The message is complete; no stack is needed to understand it.
 */
public final class LocalFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean missing;

  LocalFailure(String message) {
    super(message);
    missing = false;
  }

  LocalFailure(String message, Throwable cause) {
    super(message, cause);
    missing = false;
  }

  private LocalFailure(boolean missing, String message) {
    super(message);
    this.missing = missing;
  }

  /** This machine lacks something; the message says what, and how to get it. */
  static LocalFailure missing(String message) {
    return new LocalFailure(true, message);
  }

  /** The exit code of a command that ends so: 3 when something is missing here, else 1. */
  public int exitCode() {
    return missing ? 3 : 1;
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
