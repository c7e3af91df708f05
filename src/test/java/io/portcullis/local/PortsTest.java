package io.portcullis.local;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void resolved_zeros_areFreeAndAllDifferent() {
    Ports ports = Ports.EPHEMERAL.resolved();
    assertEquals(
        5,
        Set.of(ports.http(), ports.management(), ports.keycloak(), ports.postgres(), ports.redis())
            .size());
    assertDoesNotThrow(ports::requireFree);
  }

  @Test
  void resolved_givenNumbers_stay() {
    Ports given = new Ports(1, 2, 3, 4, 5).withInternal(6).withEdge(7, 8);
    assertEquals(given, given.resolved());
  }

  @Test
  void requireFree_takenPorts_namesEachWithItsFlag() throws IOException {
    try (ServerSocket one = taken();
        ServerSocket two = taken()) {
      Ports free = Ports.EPHEMERAL.resolved();
      var ports =
          new Ports(
              one.getLocalPort(),
              free.management(),
              free.keycloak(),
              free.postgres(),
              two.getLocalPort());
      var failure = assertThrows(LocalFailure.class, ports::requireFree);
      assertEquals(
          """
          Port %d on 127.0.0.1, meant for the gateway, is taken; free it or choose another with --http-port PORT
          Port %d on 127.0.0.1, meant for Redis, is taken; free it or choose another with --redis-port PORT"""
              .formatted(one.getLocalPort(), two.getLocalPort()),
          failure.getMessage());
    }
  }

  @Test
  void requireFree_portOfConnectionsJustClosed_isFree() throws IOException {
    int port;
    try (ServerSocket server = taken()) {
      port = server.getLocalPort();
      try (var client = new Socket(InetAddress.getLoopbackAddress(), port);
          Socket accepted = server.accept()) {
        accepted.shutdownOutput(); // the server's side closes first and lingers
        assertEquals(-1, client.getInputStream().read());
      }
    }
    Ports free = Ports.EPHEMERAL.resolved();
    var ports = new Ports(port, free.management(), free.keycloak(), free.postgres(), free.redis());
    assertDoesNotThrow(ports::requireFree);
  }

  private static ServerSocket taken() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
