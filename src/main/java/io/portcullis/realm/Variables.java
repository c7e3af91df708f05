package io.portcullis.realm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Variables of the environment; each may be given as a file instead, named by the variable with
 * {@code _FILE} behind. An empty variable is not set.
 */
public record Variables(Map<String, String> environment) {

  /**
   * The value of a variable.
   *
   * @throws RealmException when its file cannot be read
   */
  public Optional<String> find(String name) {
    String value = environment.get(name);
    if (value != null && !value.isEmpty()) {
      return Optional.of(value);
    }
    String file = environment.get(name + "_FILE");
    if (file == null || file.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(Path.of(file)).strip());
    } catch (IOException e) {
      throw new RealmException("Cannot read " + file + ", which " + name + "_FILE names", e);
    }
  }

  @Override
  public String toString() {
    return "Variables" + environment.keySet();
  }
}
