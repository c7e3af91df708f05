package io.portcullis.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** How often Redis was really asked to run a script, by its own count. */
record RedisCalls(int port, String user, String password) {
  private static final int TIMEOUT_MILLIS = 5000;
  private static final Pattern SCRIPTS =
      Pattern.compile("cmdstat_(?:evalsha|evalsha_ro|eval|fcall|fcall_ro):calls=(\\d+),.*");

  /** Calls since Redis started. */
  long count() {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String commands = "AUTH " + user + " " + password + "\r\nINFO commandstats\r\n";
      socket.getOutputStream().write(commands.getBytes(StandardCharsets.US_ASCII));
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String status = String.valueOf(reader.readLine());
      String head = String.valueOf(reader.readLine());
      if (!status.equals("+OK") || !head.startsWith("$")) {
        throw BenchFailure.of("Redis does not tell its statistics: " + status + " " + head);
      }
      var text = new char[Integer.parseInt(head.substring(1))];
      for (int read = 0; read < text.length; ) {
        int more = reader.read(text, read, text.length - read);
        if (more < 0) {
          throw new IOException("the answer ends early");
        }
        read += more;
      }
      return parse(new String(text));
    } catch (IOException e) {
      throw BenchFailure.of("Redis does not answer: " + e.getMessage());
    }
  }

  /** Sums the calls of every command that runs a script; 0 when there was none. */
  static long parse(String commandStatistics) {
    return commandStatistics
        .lines()
        .map(SCRIPTS::matcher)
        .filter(java.util.regex.Matcher::matches)
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
  }

  @Override
  public String toString() {
    return "RedisCalls[port=" + port + "]";
  }
}
