package io.portcullis.realm;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One way in which a realm is not what it shall be.
 *
 * @param path where, e.g. {@code clients/portcullis-gateway/redirectUris}
 * @param is what Keycloak has, fit to be printed
 * @param shall what the data says, fit to be printed
 */
public record Drift(String path, String is, String shall) {
  private static final Set<String> SECRETS =
      Set.of("secret", "password", "bindCredential", "privateKey", "credentials");

  private static final int LONGEST = 200;

  /** A value that differs. */
  static Drift of(String path, @Nullable Object is, @Nullable Object shall) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    return new Drift(path, text(name, is), text(name, shall));
  }

  /** A thing that is not there. */
  static Drift missing(String path) {
    return new Drift(path, "not there", "there");
  }

  /** A thing that somebody else has put there. */
  static Drift foreign(String path) {
    return new Drift(path, "there", "not there");
  }

  /** Whether a member of that name is not for people's eyes. */
  static boolean isSecret(String name) {
    return SECRETS.contains(name);
  }

  private static String text(String name, @Nullable Object value) {
    if (value == null) {
      return "nothing";
    }
    if (isSecret(name)) {
      return "***";
    }
    String text =
        switch (value) {
          case JsonArray list ->
              list.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
          case JsonObject object -> object.encode();
          default -> value.toString();
        };
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  @Override
  public String toString() {
    return path + ": " + is + " → " + shall;
  }
}
