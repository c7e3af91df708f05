package io.portcullis.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port on 127.0.0.1 that nobody listens on now. */
final class FreePort {
  private FreePort() {}

  static int any() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw BenchFailure.of("no free port on 127.0.0.1: " + e.getMessage());
    }
  }
}
