package io.portcullis.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Set;

/**
 * The gateway as the local Keycloak knows it: where it sends browsers, and whom it tells of
 * logouts.
 */
public final class GatewayClient {
  /** The client's id. */
  public static final String ID = "portcullis-gateway";

  private GatewayClient() {}

  /** Where browsers find the gateway of a local system: behind Nginx, when that is there. */
  static URI url(Ports ports) {
    return URI.create(
        ports.hasEdge() ? "https://localhost:" + ports.edge() : "http://127.0.0.1:" + ports.http());
  }

  /**
   * Tells Keycloak where the gateway is, because ports are a matter of each start.
   *
   * @param publicUrl the gateway as browsers see it, without a path
   */
  public static void point(KeycloakAdmin admin, URI publicUrl) {
    String clients = KeycloakPart.REALM + "/clients";
    var found = new JsonArray(admin.call("GET", clients + "?clientId=" + ID, "", Set.of(200)));
    if (found.isEmpty()) {
      throw new LocalFailure(
          "This Keycloak is older than logins: it has no client " + ID + "; start with --fresh");
    }
    JsonObject client = found.getJsonObject(0);
    JsonObject wanted = client.copy();
    wanted.put("redirectUris", new JsonArray().add(publicUrl + "/auth/callback"));
    wanted
        .getJsonObject("attributes")
        .put("backchannel.logout.url", publicUrl + "/auth/backchannel-logout")
        .put("post.logout.redirect.uris", publicUrl + "/");
    if (!wanted.equals(client)) {
      admin.call("PUT", clients + "/" + client.getString("id"), wanted.encode(), Set.of(204));
    }
  }
}
