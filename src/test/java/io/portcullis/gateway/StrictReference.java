package io.portcullis.gateway;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The grammar of RFC 9112 as the gateway takes it, written a second time and as plainly as it goes:
 * how many requests are in a stream up to the one that ends the connection, and how it ends.
 */
final class StrictReference {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]";
  private static final Pattern REQUEST_LINE =
      Pattern.compile("(?!CONNECT )" + TOKEN + "{1,24} /[!\"$-~]* HTTP/1\\.([01])");
  private static final Pattern FIELD =
      Pattern.compile("(" + TOKEN + "+):[ \t]*([\t -~\u0080-\u00ff]*?)[ \t]*");
  private static final Pattern HOST =
      Pattern.compile("([A-Za-z0-9._-]{1,253}|\\[[0-9a-fA-F:.]{2,}])(:0*[1-9][0-9]*)?");

  private final String stream;
  private int position;
  private boolean persists;

  private StrictReference(String stream) {
    this.stream = stream;
  }

  /** How a stream ends. */
  enum End {
    CLEAN,
    MALFORMED,
    IN_HEAD,
    IN_BODY
  }

  /** What is in a stream: whole requests, and how it ends. */
  record Reading(int requests, End end) {}

  static Reading read(String stream) {
    StrictReference reference = new StrictReference(stream);
    int requests = 0;
    while (reference.position < stream.length()) {
      End end = reference.request();
      if (end != End.CLEAN) {
        return new Reading(requests, end);
      }
      requests++;
      if (!reference.persists) {
        break;
      }
    }
    return new Reading(requests, End.CLEAN);
  }

  private End request() {
    if (stream.startsWith("\r\n", position)) {
      position += 2;
    }
    int hosts = 0;
    int fields = 0;
    String length = null;
    String coding = null;
    boolean expects = false;
    boolean current = false;
    boolean closes = false;
    boolean keeps = false;
    for (boolean first = true; ; first = false) {
      int end = stream.indexOf('\n', position);
      if (end < 0) {
        return End.IN_HEAD;
      }
      if (end == position || stream.charAt(end - 1) != '\r') {
        return End.MALFORMED;
      }
      String line = stream.substring(position, end - 1);
      position = end + 1;
      if (first) {
        Matcher matcher = REQUEST_LINE.matcher(line);
        if (!matcher.matches()) {
          return End.MALFORMED;
        }
        current = matcher.group(1).equals("1");
        continue;
      }
      if (line.isEmpty()) {
        break;
      }
      Matcher field = FIELD.matcher(line);
      if (!field.matches() || ++fields > 100) {
        return End.MALFORMED;
      }
      String value = field.group(2).toLowerCase(Locale.ROOT);
      switch (field.group(1).toLowerCase(Locale.ROOT)) {
        case "host" -> {
          if (++hosts > 1 || !isHost(value)) {
            return End.MALFORMED;
          }
        }
        case "content-length" -> {
          if (length != null || !value.matches("[0-9]{1,18}")) {
            return End.MALFORMED;
          }
          length = value;
        }
        case "transfer-encoding" -> {
          if (coding != null || !value.equals("chunked")) {
            return End.MALFORMED;
          }
          coding = value;
        }
        case "expect" -> {
          if (expects || !value.equals("100-continue")) {
            return End.MALFORMED;
          }
          expects = true;
        }
        case "connection" -> {
          closes |= List.of(value.split("[\t ]*,[\t ]*")).contains("close");
          keeps |= value.equals("keep-alive");
        }
        default -> {}
      }
    }
    if ((current && hosts == 0) || (coding != null && (length != null || !current))) {
      return End.MALFORMED;
    }
    persists = !closes && (current || keeps);
    return coding != null ? chunks() : body(length == null ? 0 : Long.parseLong(length));
  }

  private static boolean isHost(String value) {
    Matcher matcher = HOST.matcher(value);
    return matcher.matches()
        && (matcher.group(2) == null
            || (matcher.group(2).length() <= 6
                && Integer.parseInt(matcher.group(2).substring(1)) <= 65_535));
  }

  private End body(long length) {
    if (stream.length() - position < length) {
      return End.IN_BODY;
    }
    position += (int) length;
    return End.CLEAN;
  }

  private End chunks() {
    while (true) {
      int end = stream.indexOf("\r\n", position);
      if (end < 0) {
        return End.IN_BODY;
      }
      String size = stream.substring(position, end);
      if (!size.matches("[0-9a-fA-F]{1,8}") || Long.parseLong(size, 16) > Integer.MAX_VALUE) {
        return End.MALFORMED;
      }
      position = end + 2;
      if (Long.parseLong(size, 16) == 0) {
        return trailers();
      }
      if (body(Long.parseLong(size, 16)) != End.CLEAN) {
        return End.IN_BODY;
      }
      if (!"\r\n".startsWith(stream.substring(position, Math.min(position + 2, stream.length())))) {
        return End.MALFORMED;
      }
      position += 2;
      if (position > stream.length()) {
        return End.IN_BODY;
      }
    }
  }

  private End trailers() {
    while (true) {
      int end = stream.indexOf('\n', position);
      if (end < 0) {
        return End.IN_BODY;
      }
      if (end == position || stream.charAt(end - 1) != '\r') {
        return End.MALFORMED;
      }
      String line = stream.substring(position, end - 1);
      position = end + 1;
      if (line.isEmpty()) {
        return End.CLEAN;
      }
      Matcher field = FIELD.matcher(line);
      if (!field.matches()
          || field
              .group(1)
              .toLowerCase(Locale.ROOT)
              .matches("host|content-length|transfer-encoding")) {
        return End.MALFORMED;
      }
    }
  }
}
