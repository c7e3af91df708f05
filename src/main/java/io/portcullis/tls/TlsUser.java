package io.portcullis.tls;

import io.vertx.core.Future;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;

/** A listener or a client that serves or calls with the node's material, and takes new material. */
interface TlsUser {
  /** From here on new handshakes are made with this; fails, and keeps what it had, when not. */
  Future<Void> use(TlsMaterial material);

  /** Where it listens, for those that do. */
  Optional<SocketAddress> listensAt();
}
