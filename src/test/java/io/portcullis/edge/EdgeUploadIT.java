package io.portcullis.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.EdgeSystem;
import io.portcullis.testing.RawHttp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An upload of 25 MiB is refused by its size: how much of it a client gets rid of is counted. */
@Timeout(60)
@SuppressWarnings("StringConcatToTextBlock") // a text block has no CRLF
final class EdgeUploadIT {
  private static final int SIZE = 25 << 20;
  private static final int PIECE = 64 << 10;
  private static final String HEAD =
      "POST /api/v1/conversations HTTP/1.1\r\nHost: localhost\r\nUser-Agent: t\r\nAccept: */*\r\n"
          + "Content-Type: application/json\r\n";

  private final EdgeSystem edge = EdgeSystem.shared();

  @AfterEach
  void reset() {
    edge.gateway().reset();
  }

  @Test
  void upload_thatSaysItsLength_isRefusedBeforeItIsSent() throws Exception {
    int sent = upload(HEAD + "Content-Length: " + SIZE + "\r\n\r\n", "", "");
    assertTrue(sent < SIZE / 2, () -> sent + " bytes were sent");
  }

  @Test
  void upload_inChunks_isRefusedNotFarBehindTheLimit() throws Exception {
    int sent =
        upload(
            HEAD + "Transfer-Encoding: chunked\r\n\r\n",
            Integer.toHexString(PIECE) + "\r\n",
            "\r\n");
    assertTrue(sent < SIZE / 2, () -> sent + " bytes were sent");
  }

  /** The firewall's module never let go of a connection whose body failed while it waited. */
  @Test
  void body_thatTurnsOutBadLate_isAnsweredAndItsConnectionEnds() throws Exception {
    try (RawHttp raw = edge.raw()) {
      raw.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n5\r\n{\"a\":");
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      raw.send("\r\nnot-a-size\r\n");
      assertEquals(400, raw.read().status());
      assertEquals("", raw.rest());
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  @Test
  void body_thatGrowsTooLargeLate_isAnsweredAndItsConnectionEnds() throws Exception {
    String chunk = Integer.toHexString(PIECE) + "\r\n" + " ".repeat(PIECE) + "\r\n";
    try (RawHttp raw = edge.raw()) {
      raw.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      for (int sent = 0; sent <= 1024 * 1024; sent += PIECE) {
        raw.send(chunk);
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      assertEquals(413, raw.read().status());
      assertEquals("", raw.rest());
    }
    assertEquals(List.of(), edge.gateway().seen());
  }

  /** Sends until the first byte of an answer; how many bytes of the body were sent by then. */
  private int upload(String head, String before, String after) throws Exception {
    byte[] piece = (before + " ".repeat(PIECE) + after).getBytes(StandardCharsets.US_ASCII);
    try (Socket socket =
        edge.context().getSocketFactory().createSocket("localhost", edge.edge().httpsPort())) {
      socket.setSoTimeout(15_000);
      OutputStream out = socket.getOutputStream();
      out.write(head.getBytes(StandardCharsets.US_ASCII));
      CompletableFuture<Void> answered = new CompletableFuture<>();
      CompletableFuture<String> answer = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> read(socket, answered, answer));
      int sent = 0;
      try {
        while (sent < SIZE && !answered.isDone()) {
          out.write(piece);
          sent += PIECE;
        }
      } catch (IOException ended) {
        assertTrue(sent < SIZE, ended::toString);
      }
      String text = answer.get(15, TimeUnit.SECONDS);
      assertTrue(text.startsWith("HTTP/1.1 413 "), text);
      assertTrue(text.contains("problems/payload-too-large"), text);
      assertEquals(List.of(), edge.gateway().seen());
      return sent;
    }
  }

  private static void read(
      Socket socket, CompletableFuture<Void> answered, CompletableFuture<String> answer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (int c = socket.getInputStream().read(); c >= 0; c = socket.getInputStream().read()) {
        bytes.write(c);
        answered.complete(null);
        if (c == '}') { // the end of a problem document
          answer.complete(bytes.toString(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException ended) {
      // What came before the end counts.
    }
    answered.complete(null);
    answer.complete(bytes.toString(StandardCharsets.UTF_8));
  }
}
