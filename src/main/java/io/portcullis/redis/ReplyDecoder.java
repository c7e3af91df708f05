package io.portcullis.redis;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into replies (RESP2, redis.io/docs/reference/protocol-spec). An incomplete
 * reply is kept and parsed again from its start when more bytes arrive: replies here are small, and
 * a parser without states is one that can be read. Size and nesting are bounded; anything that is
 * not RESP is {@link RedisException.Kind#BROKEN}. One event loop uses it.
 */
final class ReplyDecoder {
  private static final int MAX_BYTES = 16 << 20;
  private static final int MAX_DEPTH = 8;
  private static final byte[] EMPTY = {};

  private final Consumer<Reply> replies;
  private byte[] bytes = EMPTY;
  private int at;

  ReplyDecoder(Consumer<Reply> replies) {
    this.replies = replies;
  }

  /** Takes the next bytes and hands on every reply that is complete. */
  void feed(Buffer more) {
    if (bytes.length == 0) {
      bytes = more.getBytes();
    } else {
      int kept = bytes.length;
      if (kept + more.length() > MAX_BYTES) {
        throw broken("reply too large");
      }
      bytes = Arrays.copyOf(bytes, kept + more.length());
      more.getBytes(bytes, kept);
    }
    int done = 0;
    at = 0;
    while (at < bytes.length) {
      Reply reply = next(0);
      if (reply == null) {
        break;
      }
      done = at;
      replies.accept(reply);
    }
    bytes = done == bytes.length ? EMPTY : Arrays.copyOfRange(bytes, done, bytes.length);
  }

  private @Nullable Reply next(int depth) {
    int end = lineEnd();
    if (end < 0) {
      return null;
    }
    byte type = bytes[at];
    int from = at + 1;
    at = end + 2;
    return switch (type) {
      case ':' -> Reply.number(integer(from, end));
      case '+' -> Reply.text(Arrays.copyOfRange(bytes, from, end));
      case '-' -> Reply.error(Arrays.copyOfRange(bytes, from, end));
      case '$' -> bulk(integer(from, end));
      case '*' -> list(integer(from, end), depth);
      default -> throw broken("unknown reply type");
    };
  }

  private @Nullable Reply bulk(long length) {
    if (length < 0) {
      return Reply.none();
    }
    if (length > MAX_BYTES) {
      throw broken("reply too large");
    }
    int end = at + (int) length;
    if (end + 2 > bytes.length) {
      return null;
    }
    if (bytes[end] != '\r' || bytes[end + 1] != '\n') {
      throw broken("bulk string without end");
    }
    Reply reply = Reply.text(Arrays.copyOfRange(bytes, at, end));
    at = end + 2;
    return reply;
  }

  private @Nullable Reply list(long size, int depth) {
    if (size < 0) {
      return Reply.none();
    }
    if (depth == MAX_DEPTH || size > MAX_BYTES / 4) {
      throw broken("reply nested too deep or too long");
    }
    List<Reply> items = new ArrayList<>((int) Math.min(size, 64));
    for (long i = 0; i < size; i++) {
      Reply item = next(depth + 1);
      if (item == null) {
        return null;
      }
      items.add(item);
    }
    return Reply.list(items);
  }

  /** The index of the line's CR, or -1 when the line is not complete. */
  private int lineEnd() {
    for (int i = at; i + 1 < bytes.length; i++) {
      if (bytes[i] == '\r') {
        if (bytes[i + 1] != '\n') {
          throw broken("line without end");
        }
        return i;
      }
    }
    return -1;
  }

  private long integer(int from, int end) {
    boolean negative = from < end && bytes[from] == '-';
    int start = negative ? from + 1 : from;
    if (start == end || end - start > 19) {
      throw broken("not a number");
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw broken("not a number");
      }
      value = value * 10 + digit;
    }
    return negative ? -value : value;
  }

  private static RedisException broken(String what) {
    return new RedisException(RedisException.Kind.BROKEN, "protocol", what);
  }
}
