package io.portcullis.local;

import io.portcullis.realm.AdminLogin;
import io.portcullis.realm.Drift;
import io.portcullis.realm.RealmApply;
import io.portcullis.realm.RealmData;
import io.portcullis.realm.RealmException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Remembers which realm a local Keycloak was brought to, so that an unchanged one costs nothing.
 */
final class RealmUpkeep {
  private RealmUpkeep() {}

  /**
   * Applies the realm unless it is the one of the last time.
   *
   * @return how much differed
   */
  static int run(
      LocalRealm realm, URI keycloak, String password, Path directory, Consumer<Drift> listener) {
    RealmData data = realm.data();
    Path applied = directory.resolve("keycloak/realm.applied");
    try {
      if (Files.exists(applied) && Files.readString(applied).equals(data.digest())) {
        return 0;
      }
      int drifts;
      try (RealmApply apply =
          new RealmApply(keycloak, AdminLogin.person("master", KeycloakPart.ADMIN, password))) {
        drifts = apply.apply(data, listener);
      }
      Files.writeString(applied, data.digest());
      return drifts;
    } catch (RealmException e) {
      throw new LocalFailure(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new LocalFailure("cannot keep " + applied + ": " + e.getMessage(), e);
    }
  }
}
