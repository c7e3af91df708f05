package io.portcullis.command;

import io.portcullis.local.Addresses;
import io.portcullis.local.KeycloakTokens;
import io.portcullis.local.LocalFailure;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code portcullis token}: prints an access token, and nothing else, on standard output. */
@Command(
    name = "token",
    description = "Print an access token of the Keycloak that `up` runs (development only).",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
public final class TokenCommand implements Callable<Integer> {
  @Option(names = "--user", required = true, paramLabel = "U", description = "Whose token.")
  private String user;

  @Option(
      names = "--tenant",
      paramLabel = "T",
      description = "For a user in several organizations: which one.")
  private @Nullable String tenant;

  @Option(
      names = "--password",
      paramLabel = "P",
      description = "Default: the user's name, as the demo users have it.")
  private @Nullable String password;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<URI> keycloak = Addresses.keycloak(Home.state());
    if (keycloak.isEmpty()) {
      err.println("portcullis: the local Keycloak is not running; start it with ./portcullis up");
      return 1;
    }
    try (var http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build()) {
      String scope = tenant == null ? "" : "organization:" + tenant;
      String token =
          new KeycloakTokens(http, keycloak.get())
              .accessToken(
                  "portcullis", "portcullis-cli", user, password == null ? user : password, scope);
      spec.commandLine().getOut().println(token);
      return 0;
    } catch (LocalFailure e) {
      err.println("portcullis: " + e.getMessage());
      return 1;
    }
  }
}
