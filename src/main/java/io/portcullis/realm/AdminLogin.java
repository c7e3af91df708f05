package io.portcullis.realm;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who logs in to administer Keycloak: a person by password, or a client by secret.
 *
 * @param realm where they are known, usually {@code master}
 * @param user empty for a client by itself
 * @param password empty for a client by itself
 * @param client {@code admin-cli} for a person
 * @param secret empty for a person
 */
public record AdminLogin(String realm, String user, String password, String client, String secret) {

  /** A person, by Keycloak's own command line client. */
  public static AdminLogin person(String realm, String user, String password) {
    return new AdminLogin(realm, user, password, "admin-cli", "");
  }

  /** A service account. */
  public static AdminLogin service(String realm, String client, String secret) {
    return new AdminLogin(realm, "", "", client, secret);
  }

  /** The form of a token request (RFC 6749, sections 4.3 and 4.4). */
  Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("client_id", client);
    if (user.isEmpty()) {
      form.put("grant_type", "client_credentials");
      form.put("client_secret", secret);
    } else {
      form.put("grant_type", "password");
      form.put("username", user);
      form.put("password", password);
    }
    return form;
  }

  @Override
  public String toString() {
    return (user.isEmpty() ? "the client " + client : user) + " of the realm " + realm;
  }
}
