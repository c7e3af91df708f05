package io.portcullis.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.portcullis.testing.Await;
import io.portcullis.testing.RawHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Peers that take their time on the internal listener, where no Nginx stands before it. */
@Timeout(60)
final class SlowPeersTest {
  private static final int STALLED = 40;

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  static Path folder;

  private static TlsGateway gateway;

  @BeforeAll
  static void start() {
    gateway = new TlsGateway(folder, Duration.ofMinutes(10));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void handshake_thatNeverEnds_isEndedByTheListenerAndDelaysNobody() throws IOException {
    byte[] begun = {22, 3, 1, 2, 0, 1}; // the record of a ClientHello that promises 512 bytes
    List<Socket> stalled = new ArrayList<>();
    long opened = System.nanoTime();
    try {
      for (int i = 0; i < STALLED; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.internalPort);
        socket.setSoTimeout(20_000);
        stalled.add(socket);
        if (i % 2 == 0) {
          socket.getOutputStream().write(begun);
        }
      }
      honest();
      for (Socket socket : stalled) {
        assertTrue(ended(socket), "the connection is ended");
      }
      Duration took = Duration.ofNanos(System.nanoTime() - opened);
      assertTrue(took.toSeconds() < 15, "ended after " + took);
    } finally {
      for (Socket socket : stalled) {
        socket.close();
      }
    }
    honest();
  }

  @Test
  void head_thatComesByteByByte_isEndedByTheListener() throws IOException {
    long begun = System.nanoTime();
    try (RawHttp slow = gateway.open(gateway.authority.issue("ops"), gateway.internalPort)) {
      assertThrows(IOException.class, () -> drip(slow, begun));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    assertTrue(took.toSeconds() < 12, "ended after " + took);
    honest();
  }

  /** One byte each tenth of a second for a quarter of a minute. */
  private static void drip(RawHttp slow, long begun) throws IOException {
    String request = TlsGateway.INTERNAL_REQUEST + "X".repeat(150);
    for (int i = 0; i < 150; i++) {
      slow.send(i < 20 ? request.substring(i, i + 1) : "x");
      long next = begun + Duration.ofMillis(100L * (i + 1)).toNanos();
      Await.until("the next tenth of a second", () -> System.nanoTime() >= next);
    }
  }

  private static boolean ended(Socket socket) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {
        // An alert may come first.
      }
      return true;
    } catch (SocketException reset) {
      return true;
    }
  }

  private static void honest() throws IOException {
    var ops = gateway.authority.issue("ops");
    long asked = System.nanoTime();
    var answer = gateway.ask(ops, gateway.internalPort, TlsGateway.INTERNAL_REQUEST);
    assertEquals(200, answer.status());
    assertTrue(Duration.ofNanos(System.nanoTime() - asked).toSeconds() < 8, "served beside it");
  }
}
