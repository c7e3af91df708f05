package io.portcullis.gateway;

import io.netty.buffer.ByteBuf;
import io.portcullis.model.Rejection;

/**
 * Where each HTTP/1.1 message of a connection begins and ends (RFC 9112), read strictly from the
 * bytes as they came: whatever two readers could frame differently is refused before anything is
 * made of it. It approves bytes, it changes none: a head once it is whole and in order, a body as
 * far as its own framing has been checked.
 *
 * <p>Every byte is looked at once: the end of an unfinished line is searched where the last search
 * ended. One per connection, on its event loop; nothing is allocated while reading.
 */
final class Framing {
  private static final byte CR = '\r';
  private static final byte LF = '\n';
  private static final int MAX_CHUNK_LINE = 8;

  private final RequestHead head;
  private final byte[] line;
  private final int maxTargetBytes;
  private final int maxFieldBytes;

  private State state = State.BEFORE;
  private boolean emptyLine;
  private int fieldBytes;
  private long left;

  // Relative to the reader index of the buffer.
  private int position;
  private int searched;
  private int approved;

  private enum State {
    BEFORE,
    REQUEST_LINE,
    FIELDS,
    FIXED,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    OVER
  }

  /**
   * For one connection.
   *
   * @param line room for the longest line; may be shared by all connections of an event loop
   */
  Framing(byte[] line, int maxTargetBytes, int maxFieldBytes) {
    this.head = new RequestHead();
    this.line = line;
    this.maxTargetBytes = maxTargetBytes;
    this.maxFieldBytes = maxFieldBytes;
  }

  /**
   * Reads on in what is readable, at most to the end of the present message.
   *
   * @return how many bytes from the reader index on may be handed on
   * @throws Rejection when the message is not one that every reader reads the same
   */
  int scan(ByteBuf in) {
    int end = in.readableBytes();
    while (position < end && state != State.OVER && step(in, end)) {
      // The next step may find enough.
    }
    return approved;
  }

  /** Bytes that were approved have been handed on: the reader index has moved. */
  void handedOn(int bytes) {
    position -= bytes;
    searched -= bytes;
    approved -= bytes;
  }

  /** The present message was approved to its end and handed on whole. */
  boolean isOver() {
    return state == State.OVER && approved == 0;
  }

  /** The next message begins. */
  void next() {
    state = State.BEFORE;
    emptyLine = false;
    fieldBytes = 0;
    position = 0;
    searched = 0;
    head.reset();
  }

  /** The present message is the last of its connection. */
  boolean closes() {
    return head.closes();
  }

  /** A head is not whole yet. */
  boolean isInHead() {
    return state == State.BEFORE || state == State.REQUEST_LINE || state == State.FIELDS;
  }

  private boolean step(ByteBuf in, int end) {
    return switch (state) {
      case BEFORE -> before(in, end);
      case REQUEST_LINE -> requestLine(in, end);
      case FIELDS -> fields(in, end);
      case FIXED -> content(end, State.OVER);
      case CHUNK_SIZE -> chunkSize(in, end);
      case CHUNK -> content(end, State.CHUNK_END);
      case CHUNK_END -> chunkEnd(in, end);
      case TRAILERS -> trailers(in, end);
      case OVER -> false;
    };
  }

  /** One empty line before a request line is forgiven (RFC 9112, section 2.2). */
  private boolean before(ByteBuf in, int end) {
    if (in.getByte(in.readerIndex() + position) == CR && !emptyLine) {
      if (end - position < 2) {
        return false;
      }
      if (in.getByte(in.readerIndex() + position + 1) != LF) {
        throw Malformed.LINE_END;
      }
      emptyLine = true;
      position += 2;
      return true;
    }
    state = State.REQUEST_LINE;
    return true;
  }

  private boolean requestLine(ByteBuf in, int end) {
    int length = line(in, end, maxTargetBytes, Malformed.REQUEST_LINE_SIZE);
    if (length < 0) {
      return false;
    }
    head.requestLine(line, length);
    state = State.FIELDS;
    return true;
  }

  private boolean fields(ByteBuf in, int end) {
    int length = line(in, end, maxFieldBytes - fieldBytes, Malformed.HEAD_SIZE);
    if (length < 0) {
      return false;
    }
    if (length > 0) {
      fieldBytes += length + 2;
      head.field(line, length);
      return true;
    }
    head.end();
    left = head.contentLength();
    state = head.isChunked() ? State.CHUNK_SIZE : left > 0 ? State.FIXED : State.OVER;
    approved = position;
    return true;
  }

  private boolean content(int end, State next) {
    int passed = (int) Math.min(left, end - position);
    left -= passed;
    position += passed;
    approved = position;
    if (left > 0) {
      return false;
    }
    state = next;
    return true;
  }

  /** Extensions are refused: nobody sends them but those who hope that they are read twice. */
  private boolean chunkSize(ByteBuf in, int end) {
    int length = line(in, end, MAX_CHUNK_LINE, Malformed.CHUNK_SIZE);
    if (length < 0) {
      return false;
    }
    long size = length == 0 ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int digit = Character.digit(line[i], 16);
      if (digit < 0) {
        throw Malformed.CHUNK_SIZE;
      }
      size = (size << 4) | digit;
    }
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw Malformed.CHUNK_SIZE;
    }
    left = size;
    if (size == 0) {
      fieldBytes = 0;
      head.trailers();
      state = State.TRAILERS;
    } else {
      approved = position;
      state = State.CHUNK;
    }
    return true;
  }

  private boolean chunkEnd(ByteBuf in, int end) {
    int index = in.readerIndex() + position;
    if (in.getByte(index) != CR || (end - position > 1 && in.getByte(index + 1) != LF)) {
      throw Malformed.CHUNK_END;
    }
    if (end - position < 2) {
      return false;
    }
    position += 2;
    approved = position;
    state = State.CHUNK_SIZE;
    return true;
  }

  private boolean trailers(ByteBuf in, int end) {
    int length = line(in, end, maxFieldBytes - fieldBytes, Malformed.HEAD_SIZE);
    if (length < 0) {
      return false;
    }
    if (length > 0) {
      fieldBytes += length + 2;
      head.field(line, length);
      return true;
    }
    approved = position;
    state = State.OVER;
    return true;
  }

  /** Takes the next line into {@link #line}; its length without CRLF, or -1 when it is not whole. */
  private int line(ByteBuf in, int end, int max, Rejection tooLong) {
    int base = in.readerIndex();
    int found = in.indexOf(base + Math.max(position, searched), base + end, LF);
    if (found < 0) {
      searched = end;
      if (end - position > max + 1) {
        throw tooLong;
      }
      return -1;
    }
    int length = found - base - position - 1;
    if (length > max) {
      throw tooLong;
    }
    if (length < 0 || in.getByte(found - 1) != CR) {
      throw Malformed.LINE_END;
    }
    in.getBytes(base + position, line, 0, length);
    position += length + 2;
    return length;
  }
}
