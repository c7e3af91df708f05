package io.portcullis.local;

import io.portcullis.realm.RealmData;
import io.portcullis.realm.RealmException;
import io.portcullis.realm.Variables;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * The realm of a local system: the production realm with the development overlay, and what their
 * placeholders stand for.
 *
 * @param files each laid over those before it
 * @param variables the generated secrets, the addresses, and what the environment says of mail and
 *     of a directory
 */
public record LocalRealm(List<Path> files, Map<String, String> variables) {
  private static final String FILE = "realm.properties";
  private static final String DIRECTORY = "PORTCULLIS_LDAP_URL";

  /** Copies what it is given. */
  public LocalRealm {
    files = List.copyOf(files);
    variables = Map.copyOf(variables);
  }

  static LocalRealm of(LocalSettings settings, Secrets secrets) {
    Ports ports = settings.ports();
    String gateway = GatewayClient.url(ports).toString();
    Map<String, String> variables = new HashMap<>(settings.variables());
    variables.put("PORTCULLIS_HTTP_PUBLIC_URL", gateway);
    variables.put("PORTCULLIS_BACKCHANNEL_URL", gateway);
    variables.put("PORTCULLIS_CONSOLE_URL", "http://127.0.0.1:" + ports.management());
    variables.put("PORTCULLIS_KEYCLOAK_SECRET", secrets.get(Secrets.KEYCLOAK_PLATFORM));
    variables.put("PORTCULLIS_LOGIN_CLIENT_SECRET", secrets.get(Secrets.KEYCLOAK_LOGIN));
    variables.put("PORTCULLIS_OPS_CLIENT_SECRET", secrets.get(Secrets.KEYCLOAK_OPS));
    variables.put("PORTCULLIS_AI_CLIENT_SECRET", secrets.get(Secrets.KEYCLOAK_AI));
    return new LocalRealm(settings.realm(), variables);
  }

  /**
   * The files of a realm.
   *
   * @param home the root of the repository
   * @param development whether with the overlay for development
   * @param environment says whether there is a directory of users
   */
  public static List<Path> files(Path home, boolean development, Map<String, String> environment) {
    Path folder = home.resolve("docker/keycloak");
    List<Path> files = new ArrayList<>();
    files.add(folder.resolve("portcullis-realm.json"));
    if (development) {
      files.add(folder.resolve("development.json"));
    }
    if (new Variables(environment).find(DIRECTORY).isPresent()) {
      files.add(folder.resolve("ldap.json"));
    }
    return files;
  }

  /**
   * The realm, read now.
   *
   * @throws LocalFailure naming what is wrong with the files
   */
  RealmData data() {
    try {
      return RealmData.read(files, variables);
    } catch (RealmException e) {
      throw new LocalFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * The realm of the system that runs in a directory; empty when none runs there.
   *
   * @param home the root of the repository
   * @param directory the directory of a {@link LocalSystem}
   */
  public static Optional<LocalRealm> running(Path home, Path directory) {
    Path file = directory.resolve("run").resolve(FILE);
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new LocalFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
    Map<String, String> variables = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> variables.put(name, properties.getProperty(name)));
    return Optional.of(new LocalRealm(files(home, true, variables), variables));
  }

  /** The password of the administrator of the system in a directory. */
  public static String administratorPassword(Path directory) {
    return Secrets.open(directory.resolve("secrets")).get(Secrets.KEYCLOAK_ADMIN);
  }

  /** For other commands on this machine, for its owner's eyes. */
  void remember(Path run) {
    Properties properties = new Properties();
    properties.putAll(variables);
    try {
      forget(run);
      StringWriter text = new StringWriter();
      properties.store(text, "The realm of the running local system; gone when it stops");
      Files.writeString(ownersFile(run.resolve(FILE)), text.toString());
    } catch (IOException e) {
      throw new LocalFailure("cannot write to " + run + ": " + e.getMessage(), e);
    }
  }

  static void forget(Path run) {
    try {
      Files.deleteIfExists(run.resolve(FILE));
    } catch (IOException e) {
      throw new LocalFailure("cannot delete in " + run + ": " + e.getMessage(), e);
    }
  }

  /** What Keycloak imports at its first start. It holds secrets. */
  void writeImport(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.writeString(ownersFile(file), data().importForm().encodePrettily());
  }

  private static Path ownersFile(Path file) throws IOException {
    return Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  @Override
  public String toString() {
    return "LocalRealm" + files;
  }
}
