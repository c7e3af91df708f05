package io.portcullis.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** One reply of Redis (RESP2). Immutable as long as nobody writes into {@link #bytes()}. */
public final class Reply {
  private static final byte[] NO_BYTES = {};

  private final Kind kind;
  private final long number;
  private final byte[] bytes;
  private final List<Reply> items;

  private Reply(Kind kind, long number, byte[] bytes, List<Reply> items) {
    this.kind = kind;
    this.number = number;
    this.bytes = bytes;
    this.items = items;
  }

  /** The forms a reply takes. */
  public enum Kind {
    /** A simple or bulk string. */
    TEXT,
    /** A 64 bit integer. */
    NUMBER,
    /** A list of replies. */
    LIST,
    /** The null bulk string or list. */
    NULL,
    /** An error; only ever seen inside a list, at the top it fails the future. */
    ERROR
  }

  static Reply text(byte[] bytes) {
    return new Reply(Kind.TEXT, 0, bytes, List.of());
  }

  static Reply number(long number) {
    return new Reply(Kind.NUMBER, number, NO_BYTES, List.of());
  }

  static Reply list(List<Reply> items) {
    return new Reply(Kind.LIST, 0, NO_BYTES, items);
  }

  static Reply none() {
    return new Reply(Kind.NULL, 0, NO_BYTES, List.of());
  }

  static Reply error(byte[] message) {
    return new Reply(Kind.ERROR, 0, message, List.of());
  }

  /** Which form it has. */
  public Kind kind() {
    return kind;
  }

  /** The integer; 0 when it is none. */
  public long number() {
    return number;
  }

  /** The string's bytes, not copied; empty when it is none. */
  public byte[] bytes() {
    return bytes;
  }

  /** The string; empty when it is none. */
  public String text() {
    return new String(bytes, UTF_8);
  }

  /** The members of the list; empty when it is none. */
  public List<Reply> items() {
    return items;
  }

  /** The first word of an error: {@code NOSCRIPT}, {@code WRONGPASS}, … */
  String errorCode() {
    String message = text();
    int space = message.indexOf(' ');
    return space < 0 ? message : message.substring(0, space);
  }
}
