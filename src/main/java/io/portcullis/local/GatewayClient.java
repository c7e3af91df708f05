package io.portcullis.local;

import java.net.URI;

/** The gateway as the local Keycloak knows it. */
final class GatewayClient {
  /** The client's id. */
  static final String ID = "portcullis-gateway";

  private GatewayClient() {}

  /** Where browsers find the gateway of a local system: behind Nginx, when that is there. */
  static URI url(Ports ports) {
    return URI.create(
        ports.hasEdge() ? "https://localhost:" + ports.edge() : "http://127.0.0.1:" + ports.http());
  }
}
