package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.gateway.StrictReference.End;
import io.portcullis.gateway.StrictReference.Reading;
import io.portcullis.testing.RawHttp;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Valid streams of requests with a few random wounds: the gateway sees the requests that the
 * reference sees and no other, blames nobody else, and ends the connection where the stream stops
 * making sense. The seed of a failing run is in its message; {@code -Dfuzz.seed} repeats it.
 */
final class StrictFuzzTest {
  private static final int ROUNDS = 20_000;
  private static final List<String> REQUESTS =
      List.of(
          "GET /nowhere HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
          "GET /up/x?a=b HTTP/1.1\r\nHost: a.example:80\r\nX-A: b c\r\n\r\n",
          "POST /up/x HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\nhello=world",
          "POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none",
          "POST /up/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              .concat("3\r\none\r\na\r\n0123456789\r\n0\r\nX-T: 1\r\n\r\n"),
          "GET /up/x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  private static final List<String> PIECES =
      List.of(
          "\r\n",
          "\n",
          "\r",
          " ",
          "\t",
          "\0",
          ":",
          ",",
          ";",
          "0",
          "1",
          "f",
          "-",
          "+",
          "\u000b",
          "\u00ff",
          "#",
          "\r\n ",
          "\r\n\r\n",
          "0\r\n\r\n",
          "5\r\nhello\r\n",
          ";a=b",
          "Host: b\r\n",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Transfer-Encoding: identity\r\n",
          "Expect: 100-continue\r\n",
          "Connection: close\r\n",
          "Connection: Content-Length, Host\r\n",
          "Upgrade: h2c\r\n",
          "HTTP/1.1",
          "GET /up/x ");
  private static final String LAST =
      "GET /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  private static GatewayFixture fixture;

  @BeforeAll
  static void start() {
    fixture =
        GatewayFixture.start(
            request -> request.body().onSuccess(request.response()::end), 10_000, 1000, 8);
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @Test
  void listener_woundedStreams_areReadAsTheReferenceReadsThem() throws IOException {
    long seed = Long.getLong("fuzz.seed", System.nanoTime());
    Random random = new Random(seed);
    Map<End, Integer> ends = new EnumMap<>(End.class);
    for (int round = 0; round < ROUNDS; round++) {
      String stream = wounded(random);
      Reading reading = StrictReference.read(stream);
      ends.merge(reading.end(), 1, Integer::sum);
      String number = "seed " + seed + ", round " + round + ": ";
      Supplier<String> run = () -> number + escaped(stream) + " is " + reading;
      try (RawHttp connection = fixture.open()) {
        connection.send(stream);
        hold(connection, reading, run);
      } catch (IOException e) {
        throw new AssertionError(run.get(), e);
      }
    }
    for (End end : End.values()) {
      assertTrue(ends.getOrDefault(end, 0) > ROUNDS / 100, "seed " + seed + ": " + ends);
    }
    fixture.awaitInFlight(0);
  }

  private static void hold(RawHttp connection, Reading reading, Supplier<String> run)
      throws IOException {
    boolean open = true;
    int answers = 0;
    int expected = reading.requests() + (reading.end() == End.MALFORMED ? 1 : 0);
    while (open && answers < expected) {
      RawHttp.Answer answer = connection.read();
      if (answer.status() == 100) {
        continue;
      }
      answers++;
      assertTrue(answer.status() < 500, () -> run.get() + ": " + answer.body());
      open = answer.headers("connection").stream().noneMatch("close"::equalsIgnoreCase);
      if (answers > reading.requests()) {
        boolean refused = answer.status() == 400 || answer.status() == 417;
        assertTrue(refused || answer.status() >= 400, () -> run.get() + ": " + answer.status());
        assertTrue(!open, () -> run.get() + ": the connection must end");
      }
    }
    if (!open || reading.end() == End.MALFORMED) {
      assertEquals("", connection.rest(), () -> run.get() + ": nothing may follow");
    }
  }

  private static String wounded(Random random) {
    StringBuilder stream = new StringBuilder();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      stream.append(REQUESTS.get(random.nextInt(REQUESTS.size())));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(stream.length());
      switch (random.nextInt(5)) {
        case 0 -> stream.setCharAt(at, (char) random.nextInt(256));
        case 1 -> stream.insert(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> stream.delete(at, Math.min(stream.length() - 1, at + 1 + random.nextInt(4)));
        case 3 -> {
          int line = stream.indexOf("\r\n", at);
          stream.insert(line < 0 ? at : line + 2, PIECES.get(random.nextInt(PIECES.size())));
        }
        default -> {
          int end = Math.min(stream.length(), at + random.nextInt(20));
          stream.insert(random.nextInt(stream.length()), stream.substring(at, end));
        }
      }
    }
    return random.nextInt(4) == 0
        ? stream.substring(0, random.nextInt(stream.length()))
        : stream.append(LAST).toString();
  }

  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\r') {
        escaped.append("\\r");
      } else if (c == '\n') {
        escaped.append("\\n");
      } else {
        escaped.append(c < ' ' || c > '~' ? String.format("\\x%02x", (int) c) : String.valueOf(c));
      }
    }
    return escaped.toString();
  }
}
