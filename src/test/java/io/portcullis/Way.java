package io.portcullis;

import io.portcullis.testing.RawHttp;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A way in that sends what it is given, byte for byte. It keeps its connection as long as the other
 * side does.
 */
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class Way {
  private final String name;
  private final Opener opener;
  private @Nullable RawHttp kept;

  Way(String name, Opener opener) {
    this.name = name;
    this.opener = opener;
  }

  /** Opens a connection. */
  @FunctionalInterface
  interface Opener {
    RawHttp open() throws IOException;
  }

  boolean isEdge() {
    return name.equals("edge");
  }

  /** Sends a request with these header lines; empty lines are left out. */
  RawHttp.Answer ask(String method, String target, String... lines) {
    StringBuilder request =
        new StringBuilder(method)
            .append(' ')
            .append(target)
            .append(" HTTP/1.1\r\nHost: localhost\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n");
    for (String line : lines) {
      if (!line.isEmpty()) {
        request.append(line).append("\r\n");
      }
    }
    return exchange(request.append("\r\n").toString());
  }

  private RawHttp.Answer exchange(String request) {
    RawHttp old = kept;
    if (old != null) {
      try {
        return exchange(old, request);
      } catch (IOException gone) {
        kept = null; // it was closed meanwhile
      }
    }
    try {
      return exchange(opener.open(), request);
    } catch (IOException e) {
      throw new AssertionError(name + " did not answer " + request.lines().findFirst(), e);
    }
  }

  private RawHttp.Answer exchange(RawHttp connection, String request) throws IOException {
    connection.send(request);
    RawHttp.Answer answer = connection.read();
    boolean last = !answer.complete() || answer.headers("connection").contains("close");
    kept = last ? null : connection;
    if (last) {
      connection.close();
    }
    return answer;
  }

  @Override
  public String toString() {
    return name;
  }
}
