package io.portcullis.local;

import java.util.Map;
import java.util.TreeMap;

/** A local system in the words of {@code conf/portcullis.yaml}'s environment overrides. */
final class NodeEnvironment {
  /** Limits and state share this machine's Redis, in databases of their own. */
  private static final String STATE_DATABASE = "1";

  private NodeEnvironment() {}

  static Map<String, String> of(LocalSystem system, Secrets secrets) {
    Ports ports = system.ports();
    Map<String, String> map = new TreeMap<>();
    map.put("PORTCULLIS_NODE_STATE", system.directory().resolve("node").toString());
    map.put("PORTCULLIS_HTTP_PORT", "" + ports.http());
    map.put("PORTCULLIS_MANAGEMENT_PORT", "" + ports.management());
    // Tokens for a password alone are how a terminal logs in here.
    map.put("PORTCULLIS_MANAGEMENT_ADMIN_LEVEL", "1");
    map.put("PORTCULLIS_INTERNAL_PORT", "" + ports.internal());
    map.put("PORTCULLIS_NODE_ENVIRONMENT", "development");
    map.put("PORTCULLIS_LOG_FORMAT", "text");
    map.put("PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_ISSUER", system.issuer());
    map.put(
        "PORTCULLIS_IDENTITY_ISSUERS_KEYCLOAK_JWKS",
        system.issuer() + "/protocol/openid-connect/certs");
    map.put("PORTCULLIS_KEYCLOAK_URL", system.keycloak().toString());
    map.put("PORTCULLIS_KEYCLOAK_REALM", KeycloakPart.REALM);
    map.put("PORTCULLIS_KEYCLOAK_CLIENT", "portcullis-admin");
    map.put("PORTCULLIS_KEYCLOAK_SECRET", secrets.get(Secrets.KEYCLOAK_PLATFORM));
    map.put("PORTCULLIS_REDIS_HOST", "127.0.0.1");
    map.put("PORTCULLIS_REDIS_PORT", "" + ports.redis());
    map.put("PORTCULLIS_REDIS_USERNAME", RedisPart.USER);
    map.put("PORTCULLIS_REDIS_PASSWORD", secrets.get(Secrets.REDIS));
    map.put("PORTCULLIS_STATE_HOST", "127.0.0.1");
    map.put("PORTCULLIS_STATE_PORT", "" + ports.redis());
    map.put("PORTCULLIS_STATE_USERNAME", RedisPart.USER);
    map.put("PORTCULLIS_STATE_PASSWORD", secrets.get(Secrets.REDIS));
    map.put("PORTCULLIS_STATE_DATABASE", STATE_DATABASE);
    map.put("PORTCULLIS_POSTGRES_HOST", "127.0.0.1");
    map.put("PORTCULLIS_POSTGRES_PORT", "" + ports.postgres());
    map.put("PORTCULLIS_POSTGRES_DATABASE", PostgresPart.DATABASE);
    map.put("PORTCULLIS_POSTGRES_APP_PASSWORD", secrets.get(Secrets.POSTGRES_APP));
    map.put("PORTCULLIS_POSTGRES_PLATFORM_PASSWORD", secrets.get(Secrets.POSTGRES_PLATFORM));
    map.put("PORTCULLIS_POSTGRES_ADMIN_PASSWORD", secrets.get(Secrets.POSTGRES_ADMIN));
    login(map, system, secrets);
    return map;
  }

  /** People log in at the local Keycloak and come back to wherever browsers find the gateway. */
  private static void login(Map<String, String> map, LocalSystem system, Secrets secrets) {
    String protocol = system.issuer() + "/protocol/openid-connect/";
    map.put("PORTCULLIS_HTTP_PUBLIC_URL", GatewayClient.url(system.ports()).toString());
    map.put("PORTCULLIS_SESSIONS_MASTER_KEYS", "k1:" + secrets.key(Secrets.SESSIONS));
    map.put("PORTCULLIS_LOGIN_CLIENT", GatewayClient.ID);
    map.put("PORTCULLIS_LOGIN_CLIENT_SECRET", secrets.get(Secrets.KEYCLOAK_LOGIN));
    map.put("PORTCULLIS_LOGIN_ISSUER", "keycloak");
    map.put("PORTCULLIS_LOGIN_AUTHORIZATION_ENDPOINT", protocol + "auth");
    map.put("PORTCULLIS_LOGIN_TOKEN_ENDPOINT", protocol + "token");
    map.put("PORTCULLIS_LOGIN_END_SESSION_ENDPOINT", protocol + "logout");
    map.put("PORTCULLIS_LOGIN_REVOCATION_ENDPOINT", protocol + "revoke");
  }
}
