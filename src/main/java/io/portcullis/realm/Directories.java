package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Set;

/** Directories of users, as the realm's data names them. */
final class Directories {
  private static final String PROVIDERS = "org.keycloak.storage.UserStorageProvider";
  private static final Set<String> HERE = Set.of("127.0.0.1", "[::1]", "localhost");

  private Directories() {}

  /**
   * Refuses a directory on the network without TLS: it would hear everybody's password.
   *
   * @throws RealmException naming the directory
   */
  static void check(JsonObject data) {
    JsonObject components = Things.object(data, "components");
    for (JsonObject provider : Things.objects(components, PROVIDERS)) {
      JsonObject config = Things.object(provider, "config");
      boolean startTls = first(config, "startTls").equals("true");
      for (String address : first(config, "connectionUrl").strip().split("\\s+", -1)) {
        if (!address.isEmpty() && !startTls && !isSafe(address)) {
          throw new RealmException(
              "The directory " + address + " needs ldaps:// or START_TLS: passwords pass there");
        }
      }
    }
  }

  private static boolean isSafe(String address) {
    try {
      URI uri = URI.create(address);
      return "ldaps".equalsIgnoreCase(uri.getScheme())
          || (uri.getHost() != null && HERE.contains(uri.getHost()) && uri.getUserInfo() == null);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static String first(JsonObject config, String member) {
    JsonArray values = config.getJsonArray(member, new JsonArray());
    return values.isEmpty() ? "" : values.getString(0);
  }
}
