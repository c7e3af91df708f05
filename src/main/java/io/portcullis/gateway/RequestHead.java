package io.portcullis.gateway;

import io.portcullis.model.Rejection;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What the head of a request says of its own framing and destination, line by line (RFC 9112,
 * sections 3, 5 and 6; RFC 9110, sections 5 and 7.2). Stricter than they ask wherever honest
 * clients never need the freedom. Reused for each request of a connection.
 */
final class RequestHead {
  private static final int MAX_FIELDS = 100;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x80 * ONES;
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int MAX_METHOD = 24;
  private static final int MAX_LENGTH_DIGITS = 18;
  private static final int VERSION_BYTES = 8;
  private static final byte[] CONNECT = bytes("CONNECT");
  private static final byte[] VERSION = bytes("HTTP/1.");
  private static final byte[] HOST = bytes("host");
  private static final byte[] EXPECT = bytes("expect");
  private static final byte[] CONNECTION = bytes("connection");
  private static final byte[] CLOSE = bytes("close");
  private static final byte[] CONTENT_LENGTH = bytes("content-length");
  private static final byte[] TRANSFER_ENCODING = bytes("transfer-encoding");
  private static final byte[] CHUNKED = bytes("chunked");
  private static final byte[] CONTINUE = bytes("100-continue");
  private static final boolean[] TOKEN =
      allowed("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

  private int fields;
  private int hosts;
  private boolean current;
  private boolean chunked;
  private boolean expects;
  private boolean closes;
  private boolean trailers;
  private long length = -1;

  void reset() {
    fields = 0;
    hosts = 0;
    current = false;
    chunked = false;
    expects = false;
    closes = false;
    trailers = false;
    length = -1;
  }

  /** From here on fields are trailers: none of them may be about framing or destination. */
  void trailers() {
    trailers = true;
    fields = 0;
  }

  /** {@code close} is among the connection options, wherever it stands (RFC 9112, section 9.3). */
  boolean closes() {
    return closes;
  }

  boolean isChunked() {
    return chunked;
  }

  /** The announced length, 0 when there is none. */
  long contentLength() {
    return Math.max(0, length);
  }

  /** {@code method SP target SP version}, single spaces, the target a path. */
  void requestLine(byte[] line, int end) {
    int method = 0;
    while (method < end && TOKEN[line[method] & 0xff]) {
      method++;
    }
    if (method == 0 || method > MAX_METHOD || method == end || line[method] != ' ') {
      throw Malformed.REQUEST_LINE;
    }
    int target = method + 1;
    int after = target;
    while (after < end && line[after] > ' ' && line[after] < 0x7f && line[after] != '#') {
      after++;
    }
    if (after == target || after == end) {
      throw Malformed.REQUEST_LINE;
    }
    if (line[after] != ' ') {
      throw Malformed.TARGET_CHARACTER;
    }
    if (line[target] != '/' || is(CONNECT, line, 0, method)) {
      throw Malformed.TARGET_FORM;
    }
    version(line, after + 1, end);
  }

  private void version(byte[] line, int from, int end) {
    if (end - from != VERSION_BYTES) {
      throw Malformed.VERSION;
    }
    for (int i = 0; i < VERSION.length; i++) {
      if (line[from + i] != VERSION[i]) {
        throw Malformed.VERSION;
      }
    }
    byte minor = line[end - 1];
    if (minor != '0' && minor != '1') {
      throw Malformed.VERSION;
    }
    current = minor == '1';
  }

  /** {@code name ":" OWS value OWS}. */
  void field(byte[] line, int end) {
    if (++fields > MAX_FIELDS) {
      throw Malformed.FIELD_COUNT;
    }
    if (line[0] == ' ' || line[0] == '\t') {
      throw Malformed.FOLDED;
    }
    int colon = 0;
    while (colon < end && TOKEN[line[colon] & 0xff]) {
      colon++;
    }
    if (colon == 0 || colon == end || line[colon] != ':') {
      throw Malformed.FIELD_NAME;
    }
    value(line, colon + 1, end);
    // Only these lengths can be names that matter here.
    switch (colon) {
      case 4, 6, 10, 14, 17 -> known(line, colon, end);
      default -> {}
    }
  }

  /** Eight bytes at a time; tokens make values long. */
  private static void value(byte[] line, int from, int end) {
    int i = from;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      long eight = (long) EIGHT.get(line, i);
      long delete = eight ^ (0x7f * ONES);
      long below = (eight - ' ' * ONES) & ~eight;
      if (((below | ((delete - ONES) & ~delete)) & HIGH_BITS) != 0) {
        plain(line, i, i + Long.BYTES);
      }
    }
    plain(line, i, end);
  }

  private static void plain(byte[] line, int from, int end) {
    for (int i = from; i < end; i++) {
      int c = line[i] & 0xff;
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw Malformed.FIELD_VALUE;
      }
    }
  }

  private void known(byte[] line, int colon, int end) {
    int from = colon + 1;
    while (from < end && isSpace(line[from])) {
      from++;
    }
    int to = end;
    while (to > from && isSpace(line[to - 1])) {
      to--;
    }
    if (is(HOST, line, 0, colon)) {
      inHead();
      host(line, from, to);
    } else if (is(CONTENT_LENGTH, line, 0, colon)) {
      inHead();
      length(line, from, to);
    } else if (is(TRANSFER_ENCODING, line, 0, colon)) {
      inHead();
      if (chunked || !is(CHUNKED, line, from, to)) {
        throw Malformed.TRANSFER_ENCODING;
      }
      chunked = true;
    } else if (is(EXPECT, line, 0, colon) && !trailers) {
      if (expects || !is(CONTINUE, line, from, to)) {
        throw Malformed.EXPECTATION;
      }
      expects = true;
    } else if (is(CONNECTION, line, 0, colon) && !trailers) {
      closes |= contains(CLOSE, line, from, to);
    }
  }

  /** Whether a comma-separated list has the word. */
  private static boolean contains(byte[] word, byte[] line, int from, int to) {
    int start = from;
    for (int i = from; i <= to; i++) {
      if (i == to || line[i] == ',') {
        int end = i;
        while (start < end && isSpace(line[start])) {
          start++;
        }
        while (end > start && isSpace(line[end - 1])) {
          end--;
        }
        if (is(word, line, start, end)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  private void inHead() {
    if (trailers) {
      throw Malformed.TRAILER;
    }
  }

  private void host(byte[] line, int from, int to) {
    if (++hosts > 1) {
      throw Malformed.HOST_REPEATED;
    }
    if (!HostField.isValid(line, from, to)) {
      throw Malformed.HOST;
    }
  }

  private void length(byte[] line, int from, int to) {
    if (length >= 0) {
      throw Malformed.LENGTH_REPEATED;
    }
    if (from == to || to - from > MAX_LENGTH_DIGITS) {
      throw Malformed.LENGTH;
    }
    long value = 0;
    for (int i = from; i < to; i++) {
      if (line[i] < '0' || line[i] > '9') {
        throw Malformed.LENGTH;
      }
      value = value * 10 + (line[i] - '0');
    }
    length = value;
  }

  /**
   * The head is whole.
   *
   * @throws Rejection when its parts do not fit each other
   */
  void end() {
    if (current && hosts == 0) {
      throw Malformed.HOST_MISSING;
    }
    if (chunked && !current) {
      throw Malformed.TRANSFER_ENCODING_VERSION;
    }
    if (chunked && length >= 0) {
      throw Malformed.TRANSFER_ENCODING_WITH_LENGTH;
    }
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || c == '\t';
  }

  /** Whether the bytes are the word, in any case; words consist of letters, digits and hyphens. */
  private static boolean is(byte[] word, byte[] line, int from, int to) {
    if (to - from != word.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      byte c = line[from + i];
      boolean capital = c >= 'A' && c <= 'Z';
      if ((capital ? c + ('a' - 'A') : c) != lower(word[i])) {
        return false;
      }
    }
    return true;
  }

  private static int lower(byte c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private static boolean[] allowed(String characters) {
    boolean[] allowed = new boolean[256];
    characters.chars().forEach(c -> allowed[c] = true);
    return allowed;
  }
}
