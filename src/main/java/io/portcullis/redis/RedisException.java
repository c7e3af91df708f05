package io.portcullis.redis;

/**
 * Why a command has no answer. Stackless: it is a value that travels as a failed future, and a
 * flood of timeouts must not cost more than the answers would have.
 */
public final class RedisException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String code;

  RedisException(Kind kind, String code, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.code = code;
  }

  static RedisException of(Kind kind, String code) {
    return new RedisException(kind, code, code);
  }

  /** What went wrong, for the caller's policy. */
  public enum Kind {
    /** No reply before the deadline; the command may have been executed. */
    TIMEOUT,
    /** There is no connection, or it was lost; a command in flight may have been executed. */
    AWAY,
    /** The breaker is open; nothing was sent. */
    OPEN,
    /** Too many commands are pending; nothing was sent. */
    FULL,
    /** Redis answered with an error; {@link #code()} is its first word. */
    REFUSED,
    /** What came back is not the Redis protocol. */
    BROKEN
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** A short stable code for logs and health: {@code timeout}, {@code WRONGPASS}, … */
  public String code() {
    return code;
  }
}
