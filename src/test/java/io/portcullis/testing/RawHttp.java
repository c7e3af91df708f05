package io.portcullis.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A connection that sends exactly the bytes it is given, for what no well-behaved client would
 * send.
 */
public final class RawHttp implements Closeable {
  private static final int TIMEOUT_MILLIS = 15_000;

  private final Socket socket;
  private final InputStream in;

  /** Connects to the loopback. */
  public RawHttp(int port) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Takes over a connection, e.g. one over TLS. */
  public RawHttp(Socket connected) throws IOException {
    socket = connected;
    socket.setSoTimeout(TIMEOUT_MILLIS);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** A GET as text; headers as whole lines. */
  public static String get(String host, String target, String... headers) {
    StringBuilder text = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("\r\n").toString();
  }

  /** Sends text as ISO-8859-1. */
  public void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Reads the status line and the headers. */
  public Answer readHead() throws IOException {
    String statusLine = line(in);
    List<String> headers = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      headers.add(line);
    }
    return new Answer(Integer.parseInt(statusLine.split(" ", 3)[1]), headers, "", true);
  }

  /** Reads one answer. */
  public Answer read() throws IOException {
    Answer head = readHead();
    List<String> headers = head.lines();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean complete = true;
    try {
      if (!head.headers("content-length").isEmpty()) {
        int length = Integer.parseInt(head.header("content-length"));
        body.write(exactly(in, length));
      } else if (!head.headers("transfer-encoding").isEmpty()) {
        for (int size = chunk(in); size > 0; size = chunk(in)) {
          body.write(exactly(in, size));
          line(in);
        }
        line(in);
      }
    } catch (EOFException | java.net.SocketException torn) {
      complete = false;
    }
    return new Answer(head.status(), headers, body.toString(StandardCharsets.UTF_8), complete);
  }

  /** Reads one chunk of an answer that comes in chunks; empty at its end. */
  public String readChunk() throws IOException {
    byte[] bytes = exactly(in, chunk(in));
    line(in);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Waits for the end of the connection; what came before it. */
  public String rest() throws IOException {
    StringBuilder rest = new StringBuilder();
    try {
      for (int c = in.read(); c >= 0; c = in.read()) {
        rest.append((char) c);
      }
    } catch (java.net.SocketTimeoutException open) {
      throw open;
    } catch (java.net.SocketException reset) {
      // An end, too: the other side had not read everything.
      return rest.toString();
    }
    return rest.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended within a line: " + line);
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  /**
   * An answer.
   *
   * @param complete whether it arrived to its end
   */
  public record Answer(int status, List<String> lines, String body, boolean complete) {
    /** All values of a header. */
    public List<String> headers(String name) {
      String prefix = name.toLowerCase(Locale.ROOT) + ":";
      return lines.stream()
          .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
          .map(line -> line.substring(prefix.length()).strip())
          .toList();
    }

    /** The value of a header that must be there. */
    public String header(String name) {
      return headers(name).getFirst();
    }
  }
}
