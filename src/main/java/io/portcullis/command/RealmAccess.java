package io.portcullis.command;

import io.portcullis.local.Addresses;
import io.portcullis.local.LocalRealm;
import io.portcullis.realm.AdminLogin;
import io.portcullis.realm.Variables;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Which Keycloak, and who administers it. Passwords come from the environment or from files, never
 * from the command line, which every user of the machine can read.
 */
final class RealmAccess {
  private static final String URL = "PORTCULLIS_KEYCLOAK_URL";
  private static final String TRUST = "PORTCULLIS_KEYCLOAK_TRUST";
  private static final String PASSWORD = "PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD";
  private static final String SECRET = "PORTCULLIS_KEYCLOAK_ADMIN_SECRET";

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--keycloak",
      paramLabel = "URL",
      description =
          "Keycloak's base address (default: $PORTCULLIS_KEYCLOAK_URL, else that of a running"
              + " `up`).")
  private @Nullable URI keycloak;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Option(
      names = "--admin-user",
      paramLabel = "NAME",
      defaultValue = "${env:PORTCULLIS_KEYCLOAK_ADMIN_USER:-admin}",
      description =
          "The administrator (default: ${DEFAULT-VALUE}); the password is"
              + " $PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD or in the file that"
              + " $PORTCULLIS_KEYCLOAK_ADMIN_PASSWORD_FILE names.")
  private String user;

  @Option(
      names = "--admin-client",
      paramLabel = "ID",
      description =
          "A service account instead; its secret is $PORTCULLIS_KEYCLOAK_ADMIN_SECRET or in the"
              + " file that $PORTCULLIS_KEYCLOAK_ADMIN_SECRET_FILE names.")
  private @Nullable String client;

  @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
  @Option(
      names = "--admin-realm",
      paramLabel = "REALM",
      defaultValue = "master",
      description = "Where the administrator is known (default: ${DEFAULT-VALUE}).")
  private String realm;

  @Option(
      names = "--plain-http",
      description = "Send the password over http to another machine, on a network of your own.")
  private boolean plainHttp;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "The certificates that vouch for an https address, PEM (default:"
              + " $PORTCULLIS_KEYCLOAK_TRUST, else whom the JVM trusts).")
  private @Nullable Path trust;

  /**
   * Who is asked, as whom.
   *
   * @param trust what proves an https address
   * @param local the realm of the running local system, when it is that one
   */
  record Target(URI keycloak, AdminLogin login, Optional<Path> trust, @Nullable LocalRealm local) {}

  /** What the options and the environment say; a running `up` serves when they say nothing. */
  Target target(Map<String, String> environment) {
    var variables = new Variables(environment);
    Optional<URI> given =
        Optional.ofNullable(keycloak).or(() -> variables.find(URL).map(URI::create));
    Optional<LocalRealm> local = LocalRealm.running(Home.root(), Home.state());
    Optional<URI> own = Addresses.keycloak(Home.state());
    if (given.isEmpty() && own.isPresent() && local.isPresent()) {
      String password = LocalRealm.administratorPassword(Home.state());
      return new Target(
          own.get(), AdminLogin.person("master", "admin", password), Optional.empty(), local.get());
    }
    URI address =
        given.orElseThrow(
            () -> wrong("No local system runs, so say which Keycloak: --keycloak URL, or " + URL));
    checkProtected(address);
    Optional<Path> roots = Optional.ofNullable(trust).or(() -> variables.find(TRUST).map(Path::of));
    return new Target(address, login(variables), roots, null);
  }

  private AdminLogin login(Variables variables) {
    if (client != null) {
      return AdminLogin.service(realm, client, required(variables, SECRET));
    }
    return AdminLogin.person(realm, user, required(variables, PASSWORD));
  }

  private String required(Variables variables, String name) {
    return variables.find(name).orElseThrow(() -> wrong("Set " + name + " or " + name + "_FILE"));
  }

  private void checkProtected(URI address) {
    boolean secure = "https".equals(address.getScheme());
    if (address.getHost() == null || !(secure || "http".equals(address.getScheme()))) {
      throw wrong("Not an address: " + address);
    }
    if (!secure && !plainHttp && !isLoopback(address.getHost())) {
      throw wrong(
          address
              + " would get the password unprotected; use https, or --plain-http on a network"
              + " of your own");
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.matches("127\\.\\d+\\.\\d+\\.\\d+")
        || host.equals("[::1]");
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }
}
