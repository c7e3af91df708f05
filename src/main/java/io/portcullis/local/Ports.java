package io.portcullis.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports on 127.0.0.1. Zero picks a free one.
 *
 * @param http the gateway
 * @param management health and metrics
 * @param keycloak Keycloak
 * @param postgres PostgreSQL
 * @param redis Redis
 */
public record Ports(int http, int management, int keycloak, int postgres, int redis) {
  /** The documented ones. */
  public static final Ports DEFAULT = new Ports(8080, 8081, 8180, 15432, 16379);

  /** All free ones. */
  public static final Ports EPHEMERAL = new Ports(0, 0, 0, 0, 0);

  /** Real numbers for the zeros, all different. */
  Ports resolved() {
    List<ServerSocket> held = new ArrayList<>();
    try {
      return new Ports(
          pick(http, held),
          pick(management, held),
          pick(keycloak, held),
          pick(postgres, held),
          pick(redis, held));
    } catch (IOException e) {
      throw new LocalFailure("no free port on 127.0.0.1: " + e.getMessage(), e);
    } finally {
      held.forEach(Ports::close);
    }
  }

  /**
   * Refuses ports that somebody listens on, all of them in one message, each with what changes it.
   */
  void requireFree() {
    List<String> taken = new ArrayList<>();
    check(taken, http, "the gateway", "--http-port");
    check(taken, management, "the management listener", "--management-port");
    check(taken, keycloak, "Keycloak", "--keycloak-port");
    check(taken, postgres, "PostgreSQL", "--postgres-port");
    check(taken, redis, "Redis", "--redis-port");
    if (!taken.isEmpty()) {
      throw new LocalFailure(String.join("\n", taken));
    }
  }

  private static void check(List<String> taken, int port, String owner, String flag) {
    try (var socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
    } catch (IOException e) {
      taken.add(
          "Port %d on 127.0.0.1, meant for %s, is taken; free it or choose another with %s PORT"
              .formatted(port, owner, flag));
    }
  }

  private static int pick(int port, List<ServerSocket> held) throws IOException {
    if (port != 0) {
      return port;
    }
    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    held.add(socket);
    return socket.getLocalPort();
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new LocalFailure("cannot release port " + socket.getLocalPort(), e);
    }
  }
}
