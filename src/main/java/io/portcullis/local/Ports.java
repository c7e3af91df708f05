package io.portcullis.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * The ports on 127.0.0.1. Zero picks a free one; {@link #NONE} is none at all.
 *
 * @param http the gateway
 * @param management health and metrics
 * @param keycloak Keycloak
 * @param postgres PostgreSQL
 * @param redis Redis
 * @param internal the listener for services
 * @param edge Nginx, https
 * @param edgeHttp Nginx, which redirects to https
 */
public record Ports(
    int http,
    int management,
    int keycloak,
    int postgres,
    int redis,
    int internal,
    int edge,
    int edgeHttp) {
  /** Nobody listens. */
  public static final int NONE = -1;

  /** The documented ones, without Nginx. */
  public static final Ports DEFAULT = new Ports(8080, 8081, 8180, 15432, 16379, 8444, NONE, NONE);

  /** All free ones, without Nginx. */
  public static final Ports EPHEMERAL = new Ports(0, 0, 0, 0, 0);

  /** Without Nginx, and with any internal port. */
  public Ports(int http, int management, int keycloak, int postgres, int redis) {
    this(http, management, keycloak, postgres, redis, 0, NONE, NONE);
  }

  /** The same with Nginx in front. */
  public Ports withEdge(int https, int plain) {
    return new Ports(http, management, keycloak, postgres, redis, internal, https, plain);
  }

  /** The same with the internal listener elsewhere. */
  public Ports withInternal(int port) {
    return new Ports(http, management, keycloak, postgres, redis, port, edge, edgeHttp);
  }

  /** Whether Nginx stands in front. */
  public boolean hasEdge() {
    return edge != NONE;
  }

  /** Real numbers for the zeros, all different. */
  Ports resolved() {
    List<ServerSocket> held = new ArrayList<>();
    try {
      return new Ports(
          pick(http, held),
          pick(management, held),
          pick(keycloak, held),
          pick(postgres, held),
          pick(redis, held),
          pick(internal, held),
          pick(edge, held),
          pick(edgeHttp, held));
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
    check(taken, internal, "the internal listener", "--internal-port");
    check(taken, edge, "Nginx", "--edge-port");
    check(taken, edgeHttp, "Nginx' redirect to https", "--edge-http-port");
    if (!taken.isEmpty()) {
      throw new LocalFailure(String.join("\n", taken));
    }
  }

  private static void check(List<String> taken, int port, String owner, String flag) {
    if (port == NONE) {
      return;
    }
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
